# The server with its web apps. Database, Redis and the two ports come from outside: see docker-compose.yml.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs its install script: the native parts come as packages for each platform.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node --import tsx scripts/build-apps.ts && node --import tsx demo-city/make-city.ts --out /app/city --seed 1

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    ZWERM_CITY_DIR=/app/city \
    HOST=0.0.0.0 \
    PORT=8080 \
    MQTT_PORT=1883
WORKDIR /app
COPY --from=build /app /app
# Master keys are made here at first start: readable by the own user of the server only.
RUN mkdir --mode=0700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 1883
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# tsx runs the same files that the tests ran: there is no second build that could differ.
CMD ["node", "--import", "tsx", "server/main.ts"]
