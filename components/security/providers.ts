import { randomBytes } from "node:crypto";
import { hashOf } from "../core/hash.ts";
import type { ProviderModule } from "./module-provider.ts";
import type { AuthorityRequest, KeyPairPem, LeafRequest } from "./x509.ts";
import { issueAuthority, issueLeaf, isRenewalDue } from "./x509.ts";

/** Days before its end at which a certificate is made anew by the next update. */
interface Renewal {
  readonly renewBeforeDays: number;
}

export type AuthorityInputs = AuthorityRequest & Renewal;

export interface LeafInputs extends LeafRequest, Renewal {
  readonly authorityCertPem: string;
  readonly authorityKeyPem: string;
}

export interface LeafSetInputs extends Renewal {
  readonly requests: Readonly<Record<string, Pick<LeafRequest, "commonName" | "dnsNames" | "ipAddresses">>>;
  readonly validityDays: number;
  readonly authorityCertPem: string;
  readonly authorityKeyPem: string;
}

export interface TokenInputs {
  readonly bytes: number;
  readonly generation: number;
}

/** What was asked for when the output was made, as a digest: outputs alone decide whether it still fits. */
interface Requested {
  readonly request: string;
}

type Made = KeyPairPem & Requested;

/** Leaves by name; keys stand apart, since an output is a secret as a whole or not at all. */
interface MadeSet {
  readonly certPems: Readonly<Record<string, string>>;
  readonly keyPems: Readonly<Record<string, string>>;
  readonly made: Readonly<Record<string, Pick<Made, "request" | "notAfter">>>;
}

/** A certificate authority, made anew when the request changes or its end comes near. */
export const authorityProvider: ProviderModule<AuthorityInputs, Made> = {
  ...pureState<Made>(),
  create: async (inputs) => ({ id: newId("ca"), outs: await makeAuthority(inputs) }),
  diff: async (_id, made, inputs) => ({
    changes: made.request !== hashOf(authorityRequest(inputs)) || isRenewalDue(made.notAfter, inputs.renewBeforeDays),
  }),
  update: async (_id, _made, inputs) => ({ outs: await makeAuthority(inputs) }),
};

/** A leaf certificate, made anew with a new key when the request or the authority changes, or its end comes near. */
export const leafProvider: ProviderModule<LeafInputs, Made> = {
  ...pureState<Made>(),
  create: async (inputs) => ({ id: newId("leaf"), outs: await makeLeaf(inputs) }),
  diff: async (_id, made, inputs) => ({
    changes: made.request !== hashOf(leafRequest(inputs)) || isRenewalDue(made.notAfter, inputs.renewBeforeDays),
  }),
  update: async (_id, _made, inputs) => ({ outs: await makeLeaf(inputs) }),
};

/** Leaves by name: an update makes those that are new, asked for otherwise or near their end, and keeps the others. */
export const leafSetProvider: ProviderModule<LeafSetInputs, MadeSet> = {
  ...pureState<MadeSet>(),
  create: async (inputs) => ({ id: newId("leaves"), outs: await makeLeaves(inputs, undefined) }),
  diff: async (_id, olds, inputs) => ({
    changes: Object.keys({ ...olds.made, ...inputs.requests }).some((name) => !isCurrent(name, olds, inputs)),
  }),
  update: async (_id, olds, inputs) => ({ outs: await makeLeaves(inputs, olds) }),
};

/** Random bytes from the operating system, as base64url text. */
export const tokenProvider: ProviderModule<TokenInputs, TokenInputs & { token: string }> = {
  ...pureState<TokenInputs & { token: string }>(),
  create: async (inputs) => ({ id: newId("token"), outs: makeToken(inputs) }),
  diff: async (_id, made, inputs) => ({
    changes: made.bytes !== inputs.bytes || made.generation !== inputs.generation,
  }),
  update: async (_id, _made, inputs) => ({ outs: makeToken(inputs) }),
};

async function makeAuthority(inputs: AuthorityInputs): Promise<Made> {
  return { ...(await issueAuthority(inputs)), request: hashOf(authorityRequest(inputs)) };
}

async function makeLeaf(inputs: LeafInputs): Promise<Made> {
  const authority = { certPem: inputs.authorityCertPem, keyPem: inputs.authorityKeyPem };
  return { ...(await issueLeaf(authority, inputs)), request: hashOf(leafRequest(inputs)) };
}

async function makeLeaves(inputs: LeafSetInputs, olds: MadeSet | undefined): Promise<MadeSet> {
  const leaves = await Promise.all(
    Object.keys(inputs.requests).map(async (name): Promise<[string, Made]> => {
      const { certPems, keyPems, made } = olds ?? { certPems: {}, keyPems: {}, made: {} };
      const [certPem, keyPem, kept] = [certPems[name], keyPems[name], made[name]];
      const isKept = certPem !== undefined && keyPem !== undefined && kept !== undefined;
      if (isKept && isCurrent(name, { made }, inputs)) return [name, { certPem, keyPem, ...kept }];
      return [name, await makeLeaf(leafOf(name, inputs))];
    }),
  );
  const by = <Value>(of: (made: Made) => Value) => Object.fromEntries(leaves.map(([name, made]) => [name, of(made)]));
  return {
    certPems: by(({ certPem }) => certPem),
    keyPems: by(({ keyPem }) => keyPem),
    made: by(({ request, notAfter }) => ({ request, notAfter })),
  };
}

/** Whether what is there is what is asked for; also false for what nobody asks for any more. */
function isCurrent(name: string, { made }: Pick<MadeSet, "made">, inputs: LeafSetInputs): boolean {
  const there = made[name];
  if (there === undefined || inputs.requests[name] === undefined) return false;
  const asked = hashOf(leafRequest(leafOf(name, inputs)));
  return there.request === asked && !isRenewalDue(there.notAfter, inputs.renewBeforeDays);
}

function leafOf(name: string, { requests, ...shared }: LeafSetInputs): LeafInputs {
  return { commonName: name, dnsNames: [], ipAddresses: [], ...requests[name], ...shared };
}

function makeToken({ bytes, generation }: TokenInputs): TokenInputs & { token: string } {
  return { bytes, generation, token: randomBytes(bytes).toString("base64url") };
}

/** `renewBeforeDays` is left out: a later renewal is no reason for a new certificate today. */
function authorityRequest({ commonName, validityDays }: AuthorityInputs): AuthorityRequest {
  return { commonName, validityDays };
}

function leafRequest(inputs: LeafInputs): object {
  const { commonName, dnsNames, ipAddresses, validityDays, authorityCertPem } = inputs;
  return { commonName, dnsNames, ipAddresses, validityDays, authorityCertPem };
}

/** These resources exist only in the state: there is nothing to read and nothing to delete. */
function pureState<Outputs>(): Pick<ProviderModule<never, Outputs>, "read" | "delete"> {
  return { read: async (id, props) => ({ id, props }), delete: async () => {} };
}

function newId(kind: string): string {
  return `${kind}-${randomBytes(6).toString("hex")}`;
}
