# The command line and the service, each as an image of its own:
#
#   docker build --target cli --tag milkrun .
#   docker run --rm --volume "$PWD:/work" milkrun solve problem.json --time-limit 10s --out plan.json
#   docker build --target service --tag milkrun-service .
#   docker run --rm --publish 8080:8080 --volume milkrun:/data milkrun-service

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# One build for both: they share the library. Folders of the cache stay between builds.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile shipped --package milkrun-cli --package milkrun-service \
      --features milkrun-cli/npz,milkrun-cli/sources \
    && install -D target/shipped/milkrun target/shipped/milkrun-service --target-directory /out

FROM debian:bookworm-slim AS base
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin milkrun \
    && install --directory --owner milkrun --group milkrun /data /work
USER 10001

FROM base AS cli
COPY --from=build /out/milkrun /usr/local/bin/milkrun
WORKDIR /work
ENTRYPOINT ["milkrun"]

FROM base AS service
USER 0
# What backs a PostgreSQL of the same release up.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
USER 10001
COPY --from=build /out/milkrun-service /usr/local/bin/milkrun-service
ENV MILKRUN_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["milkrun-service", "health"]
ENTRYPOINT ["milkrun-service", "--data", "/data", "--listen", "0.0.0.0:8080"]
