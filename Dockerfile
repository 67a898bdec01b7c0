FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/sinch-simulator && /opt/sinch-simulator/bin/pip install --no-cache-dir '.[speed]'

FROM python:3.12-slim
COPY --from=build /opt/sinch-simulator /opt/sinch-simulator
ENV PATH=/opt/sinch-simulator/bin:$PATH PYTHONUNBUFFERED=1 SINCH_SIMULATOR_HOST=0.0.0.0
USER 7462:7462
EXPOSE 7462
HEALTHCHECK --interval=2s --timeout=2s --start-period=10s CMD ["python", "-c", "import os, urllib.request as u; \
u.urlopen(f'http://127.0.0.1:{os.environ.get(\"SINCH_SIMULATOR_PORT\", 7462)}/_simulator/health')"]
ENTRYPOINT ["sinch-simulator"]
CMD ["start"]
