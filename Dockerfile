FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY src ./src
# The image's own unprivileged user, by number: Kubernetes checks runAsNonRoot without looking names up.
USER 1000:1000
EXPOSE 3000
CMD ["node", "src/main.ts", "start"]
