// A pending message is stored as "<version>\n<channel>\n<JSON>": Lua reads the first two and leaves the JSON alone.

/**
 * KEYS: pending, lanes, lane, messages, count. ARGV: key, part, JSON, digest, channel, now, once, item without its number.
 * Returns where it stands already, or nil.
 */
export const sayLua = `
local ref = redis.call('HGET', KEYS[4], ARGV[2])
local known = ref and cjson.decode(ref)
local held = redis.call('HGET', KEYS[1], ARGV[1])
if known and known.gone or ARGV[7] == '1' and (ref or held) or known and not held and known.digest == ARGV[4] then return ref end
local version, channel = string.match(held or '', '^(%d+)\\n([^\\n]*)\\n')
channel = channel or ARGV[5]
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', (tonumber(version) or 0) + 1) .. '\\n' .. channel .. '\\n' .. ARGV[3])
if not held then
  local item = cjson.decode(ARGV[8])
  item.seq = redis.call('INCR', KEYS[5])
  if known then item.shownAt = known.at or 0 end
  redis.call('HSET', KEYS[3], ARGV[1], cjson.encode(item))
end
redis.call('ZADD', KEYS[2], 'LT', ARGV[6], channel)
return ref`;

/**
 * KEYS: lease, lanes, lane, states, server. ARGV: owner, hold for, now, channel.
 * Returns nil when somebody else holds it, else items, state, when the server was seen to be another one.
 */
export const openLua = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local known = redis.call('HGET', KEYS[5], 'id')
if known ~= id then redis.call('HSET', KEYS[5], 'id', id, 'since', known and ARGV[3] or 0) end
redis.call('ZADD', KEYS[2], ARGV[3] + ARGV[2], ARGV[4])
return {redis.call('HVALS', KEYS[3]), redis.call('HGET', KEYS[4], ARGV[4]) or '', redis.call('HGET', KEYS[5], 'since')}`;

/** KEYS: lease, lane, pending, messages. ARGV: owner, hold for, field, key, item as tried, part, parent's part, parent's key. */
export const beginLua = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[5])
return {redis.call('HGET', KEYS[3], ARGV[4]) or '', redis.call('HGET', KEYS[4], ARGV[6]) or '',
  redis.call('HGET', KEYS[4], ARGV[7]) or '', redis.call('HEXISTS', KEYS[3], ARGV[8])}`;

/**
 * KEYS: lease, lane, pending, messages, states. ARGV: owner, channel, seconds to remember, field, key, what, version, part, where it stands
 * or '', item as it waits on, state, sweep's field, sweep or ''. Returns where it stood already, or nil.
 */
export const settleLua = `
local stood
if ARGV[9] ~= '' then
  local ref = redis.call('HGET', KEYS[4], ARGV[8])
  if ref and cjson.decode(ref).ts ~= cjson.decode(ARGV[9]).ts then stood = ref
  else
    redis.call('HSET', KEYS[4], ARGV[8], ARGV[9])
    redis.call('EXPIRE', KEYS[4], ARGV[3])
  end
end
local held = redis.call('HGET', KEYS[3], ARGV[5])
local same = string.match(held or '', '^(%d+)\\n') == ARGV[7]
if ARGV[6] == 'dropped' or ARGV[6] == 'done' and (not held or same) then
  redis.call('HDEL', KEYS[2], ARGV[4])
  if ARGV[4] == ARGV[5] then redis.call('HDEL', KEYS[3], ARGV[5]) end
elseif redis.call('HEXISTS', KEYS[2], ARGV[4]) == 1 then redis.call('HSET', KEYS[2], ARGV[4], ARGV[10]) end
if ARGV[13] ~= '' then redis.call('HSET', KEYS[2], ARGV[12], ARGV[13]) end
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('HSET', KEYS[5], ARGV[2], ARGV[11]) end
return stood`;

/** KEYS: lease, lanes, lane, states. ARGV: owner, channel, token, next at or '', state. What was said meanwhile keeps the lane due. */
export const restLua = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
redis.call('DEL', KEYS[1])
if tonumber(redis.call('ZSCORE', KEYS[2], ARGV[2]) or '') ~= tonumber(ARGV[3]) then return nil end
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
elseif redis.call('HLEN', KEYS[3]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[2])
  redis.call('HDEL', KEYS[4], ARGV[2])
end
return nil`;

/** KEYS: lease. ARGV: owner, hold for. */
export const holdLua = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;
