import { describe, expect, it } from "vitest";
import { interpolate, toLegend } from "../../../components/console/server/interpolate.ts";

const span = { from: 1000, to: 4600, step: 15, scrape: 5 };

describe("a query of the console", () => {
  it("has several values as a group of a regular expression, one as itself, and all as any value", () => {
    const text = 'up{host_name=~"$host_name", gpu=~"${gpu:regex}"}';
    expect(interpolate(text, { host_name: ["gpu-1", "gpu-2"], gpu: ["3"] }, span)).toBe(
      'up{host_name=~"(gpu-1|gpu-2)", gpu=~"3"}',
    );
    expect(interpolate(text, { host_name: [], gpu: [] }, span)).toBe('up{host_name=~".+", gpu=~".+"}');
  });

  it("takes what a browser sends as text, neither as an expression nor as the end of the string", () => {
    expect(interpolate('up{a=~"$a"}', { a: ['x.y"} or vector(1) #\\'] }, span)).toBe(
      String.raw`up{a=~"x\\.y\"\\} or vector\\(1\\) #\\\\"}`,
    );
  });

  it("takes rates over at least four samples, and over more than a step", () => {
    expect(interpolate("rate(a[$__rate_interval])", {}, span)).toBe("rate(a[20s])");
    expect(interpolate("rate(a[$__rate_interval])", {}, { ...span, step: 60 })).toBe("rate(a[65s])");
    expect(interpolate("rate(a[$__rate_interval])", {}, { ...span, scrape: 60 })).toBe("rate(a[240s])");
  });

  it("knows the range and the interval, and leaves other names to the backend", () => {
    expect(interpolate("a[$__range] b[$__interval] c[$__auto] $__range_s $else", {}, span)).toBe(
      "a[3600s] b[15s] c[15s] 3600 $else",
    );
  });

  it("is not asked for the members of every object", () => {
    expect(interpolate("$constructor $toString", {}, span)).toBe("$constructor $toString");
  });
});

describe("the name of a series", () => {
  it("is its legend with the labels filled in", () => {
    expect(toLegend("{{host_name}} GPU {{ gpu }} {{none}}", { host_name: "gpu-1", gpu: "3" })).toBe("gpu-1 GPU 3");
  });
});
