import { z } from "zod";

/** Where a backend that somebody else runs is reached. */
export const endpoint = z.url({ protocol: /^https?$/ });

/** Whom one is signed in to as. */
export const user = z
  .string()
  .min(1)
  .optional()
  .meta({ description: "User of HTTP basic authentication; needs `password`." });

/** What it shows that it is the one it says. */
export const authority = z
  .string()
  .regex(/^-----BEGIN CERTIFICATE-----/, "a certificate in PEM")
  .optional()
  .meta({ description: "Certificate of its authority, where the machine does not know it." });
