// Pulumi registers a TypeScript compiler for `require`, which knows nothing of this project's settings; an
// import from a module passes it by, and Node.js strips the types itself.
import "./index.ts";
