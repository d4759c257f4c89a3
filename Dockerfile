# Continuo in the place of the mux service, configured by the same environment variables (docs/migrate-from-mux.md).
#
#   docker build --tag continuo .
#   docker run --tmpfs /run/continuo:size=1g --publish 8091:8091 --env API_URL=http://api:8080 --env MUX_MODE=abr continuo
#
# Segments lie in /run/continuo: without the tmpfs they go to the container's disk, and the log says so. A volume on
# /var/lib/continuo keeps the numbers of playlists over containers; without one they go on from the clock.
FROM debian:12-slim AS build
WORKDIR /continuo
# By themselves, so that a change of the code does not install everything again.
COPY scripts/setup scripts/
COPY http/web/package.json http/web/package-lock.json http/web/.npmrc http/web/
RUN scripts/setup run
COPY . .
RUN scripts/build release programs \
    && install --strip -D --target-directory=/programs build/release/bin/continuo*

FROM debian:12-slim
# tini is process 1: it buries what a killed daemon leaves behind.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates ffmpeg fonts-dejavu-core libboost-url1.81.0 libcurl4 libfmt9 libpugixml1v5 libspdlog1.10 libssl3 \
        libsystemd0 libyaml-cpp0.7 tini zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/continuo --shell /usr/sbin/nologin continuo \
    && install --directory --owner=continuo --group=continuo /run/continuo /var/lib/continuo
COPY --from=build /programs/ /usr/bin/
USER continuo
EXPOSE 8091
ENTRYPOINT ["tini", "--", "continuo", "run", "--from-env"]
