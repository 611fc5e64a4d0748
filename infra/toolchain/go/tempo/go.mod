module gpu-observability/toolchain/tempo

go 1.26.0

require github.com/grafana/tempo v1.5.1-0.20251008140505-607c7fb69662
