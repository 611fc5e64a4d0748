import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Guards against a test that hangs, no measure of speed: files and tiers run beside each other.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
