// KEYS of all: 1 records by id, 2 open ids by workload, 3 times by id, 4 newest ids by workload, 5 reports by id.

/** ARGV: workload, id, record, opened at, a standing record that is unreadable and may be replaced. Returns what stands in the way, or nil. */
export const openLua = `
local function standing(id)
  local held = id and redis.call('HGET', KEYS[1], id)
  if held and held ~= ARGV[5] then return held end
end
local held = standing(redis.call('HGET', KEYS[2], ARGV[1])) or standing(ARGV[2])
if held then return held end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
return nil`;

/** ARGV: id, expected version, record, workload, status. Returns 1 when written. */
export const writeLua = `
local ok, held = pcall(cjson.decode, redis.call('HGET', KEYS[1], ARGV[1]) or '')
if not ok or type(held) ~= 'table' or held.version ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[5] == 'settled' and redis.call('HGET', KEYS[2], ARGV[4]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[4]) end
return 1`;

/** ARGV: workload. */
export const findOpenLua = `
local id = redis.call('HGET', KEYS[2], ARGV[1])
return id and redis.call('HGET', KEYS[1], id)`;

export const listOpenLua = `
local ids = redis.call('HVALS', KEYS[2])
local found = {}
for i, id in ipairs(ids) do found[i] = redis.call('HGET', KEYS[1], id) end
return found`;

/** ARGV: opened since, how many at most. Newest first. */
export const listSinceLua = `
local ids = redis.call('ZRANGE', KEYS[3], '+inf', ARGV[1], 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2])
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[1], unpack(ids))`;

/** ARGV: opened before. Forgets some that are older and not open; returns their ids. */
export const trimLua = `
local open = {}
for _, id in ipairs(redis.call('HVALS', KEYS[2])) do open[id] = true end
local gone = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], '-inf', '(' .. ARGV[1], 'BYSCORE', 'LIMIT', 0, 100)) do
  if not open[id] then
    local ok, record = pcall(cjson.decode, redis.call('HGET', KEYS[1], id) or '')
    local key = ok and type(record) == 'table' and record.key
    if type(key) == 'string' and redis.call('HGET', KEYS[4], key) == id then redis.call('HDEL', KEYS[4], key) end
    redis.call('HDEL', KEYS[1], id)
    redis.call('HDEL', KEYS[5], id)
    redis.call('ZREM', KEYS[3], id)
    gone[#gone + 1] = id
  end
end
return gone`;
