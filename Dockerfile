# One image for every role of the split form: docker-compose.yml chooses with TIDELINE_ROLES.
# The same Node as the pinned one of package.json.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings the right Node, so the install script that downloads it is not needed; argon2 and chdb come as
# prebuilt packages without scripts.
RUN npm ci --ignore-scripts --include=dev --no-audit --no-fund \
  || npm install --no-save --ignore-scripts --include=dev --no-audit --no-fund
COPY . .
RUN node server/index.ts build-client
# chdb, the engine of the embedded form, is 600 MB that the split form never loads.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@chdb node_modules/chdb

FROM node:24-slim
ENV NODE_ENV=production TIDELINE_DATA_DIR=/data TIDELINE_HOST=0.0.0.0 TIDELINE_PORT=7070 TIDELINE_DEMO=off
WORKDIR /app
COPY --from=build --chown=root:root /app ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 7070
# Node answers SIGTERM itself: no npm and no shell in between that could keep the signal.
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "server/index.ts"]
CMD ["start"]
