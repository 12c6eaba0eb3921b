import type { Person } from "#sim/github/types.ts";
import type { Random } from "./random.ts";

const first =
  "Ada Amir Anouk Bela Carmen Chidi Dana Dmitri Elif Emeka Fatima Felix Grace Hana Hugo Ines Ivo Jana Jonas Kaito Kira Lars Leila Lena Liam Lucia Malik Mara Marta Mateo Mei Milan Nadia Naomi Nia Nils Noor Olga Omar Paula Pedro Priya Quinn Rafael Ravi Rosa Ruben Sana Sara Selma Sofia Stefan Tara Theo Tomas Uma Vera Viktor Wanda Wei Xenia Yara Yusuf Zoe".split(
    " ",
  );
const last =
  "Abebe Adler Almeida Andersen Arslan Banerjee Bauer Becker Bianchi Castro Chen Costa Dubois Eriksen Farah Fischer Garcia Haddad Hansen Horvat Ito Ivanova Jansen Kaya Keller Khan Kim Kowalski Lindqvist Lopez Mbeki Meyer Moreau Nakamura Novak Nguyen Okafor Olsen Osei Park Patel Petrov Popescu Rossi Sato Schmidt Silva Singh Sousa Svensson Tanaka Torres Vargas Virtanen Weber Wong Yilmaz Zhang Zimmer".split(
    " ",
  );

/** So many people with different logins; the domain is the company's. */
export function makePeople(random: Random, count: number, domain: string): Person[] {
  const people = new Map<string, Person>();
  while (people.size < count) {
    const [given, family] = [random.pick(first), random.pick(last)];
    const login = `${given}${random.chance(0.5) ? "-" : ""}${family}`.toLowerCase();
    people.set(login, { name: `${given} ${family}`, email: `${given}.${family}@${domain}`.toLowerCase(), login });
  }
  return [...people.values()];
}

/** Company, repository and namespace of a seed. */
export interface Place {
  readonly repository: string;
  readonly namespace: string;
  readonly registry: string;
  readonly domain: string;
  readonly service: string;
}

const repositories = ["acme/monorepo", "northwind/platform", "globex/main", "initech/everything", "umbra/mono"];
const namespaces = ["shop", "store", "web", "prod", "apps"];
const services = ["checkout", "basket", "pricing", "orders", "search", "billing", "booking"];

/** Seed 1 is `shop/checkout` of `acme/monorepo`. */
export function makePlace(seed: number, random: Random): Place {
  const draw = (items: readonly string[]) => (seed === 1 ? (items[0] as string) : random.pick(items));
  const repository = draw(repositories);
  const [owner = ""] = repository.split("/");
  return {
    repository,
    namespace: draw(namespaces),
    service: draw(services),
    registry: `registry.${owner}.example`,
    domain: `${owner}.example`,
  };
}

/** Other services of the same company, without `except`. */
export function otherServices(except: string): string[] {
  return "accounts catalog payments shipping notifications recommendations inventory reviews gateway fraud loyalty invoices media sessions tax returns"
    .split(" ")
    .filter((name) => name !== except);
}
