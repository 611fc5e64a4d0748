import type { Problem } from "../../components/core/errors.ts";

/** What is said to a backend of our own, which is not deployed beside one of somebody else's. */
export function findKeysWithoutEffect(
  { name, title }: { readonly name: string; readonly title: string },
  changed: readonly (readonly [key: string, value: unknown])[],
  at: (path: string) => string,
): readonly Problem[] {
  return changed.map(([key, value]) => ({
    path: at(`${name}.${key}`),
    expected: `nothing: whoever runs the ${title} of ${name}.external decides it`,
    got: JSON.stringify(value),
    fix: `remove ${name}.${key}, or ${name}.external`,
  }));
}

/** Defaults are filled in by now, so what says the same as a default passes for one. */
export function changedKeys(settings: object, defaults: object): readonly (readonly [key: string, value: unknown])[] {
  const usual = defaults as Readonly<Record<string, unknown>>;
  return Object.entries(settings).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key]));
}

interface External {
  readonly url: string;
  readonly writeUrls?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/** How a backend of somebody else's may be signed in to; `at` places a key of its description. */
export function findSignInProblems(
  { url, writeUrls, user, password, token }: External,
  at: (key: string) => string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const urls = [url, ...(writeUrls ?? [])];
  if ((user === undefined) !== (password === undefined)) {
    const [missing, fix] =
      user === undefined ? ["user", "add user: <name>"] : ["password", "add password: <name of the stack's secret>"];
    problems.push({ path: at(missing), expected: "user and password together", got: "one of them", fix });
  }
  if (user?.includes(":") === true) {
    problems.push({
      path: at("user"),
      expected: "no colon: basic authentication takes what is behind the first for the password",
      // What is behind it may be the password.
      got: `"${user.slice(0, user.indexOf(":"))}" and more behind a colon`,
      fix: "name a user without one, or sign in with token where the backend takes one",
    });
  }
  if (token !== undefined && (user !== undefined || password !== undefined)) {
    problems.push({
      path: at("token"),
      expected: "one way to sign in: user and password, or token",
      got: "both",
      fix: "remove one of them",
    });
  }
  const telling = urls.map((one) => new URL(one)).find((one) => one.username + one.password !== "");
  if (telling !== undefined) {
    problems.push({
      path: at("url"),
      expected: "addresses without user and password in them: a file would show both",
      got: `an address of ${telling.host} with them`,
      fix: "remove them; add user: <name> and password: <name of the stack's secret>",
    });
  }
  const plain = urls.find((one) => one.startsWith("http:"));
  if (plain !== undefined && (password !== undefined || token !== undefined)) {
    const where = writeUrls === undefined ? "url" : "url and writeUrls";
    problems.push({
      path: at("url"),
      expected: "https, where a password or token is sent along",
      // Without user and password, which it may hold as well.
      got: new URL(plain).origin,
      fix: `set https:// in ${where}, with authority where the certificate is of an authority of your own`,
    });
  }
  return problems;
}
