# The monitor and nothing else: no compiler, no tests, no root.

FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/monitor \
    && /opt/monitor/bin/pip install --no-cache-dir --disable-pip-version-check /source \
    && /opt/monitor/bin/python -m monitor.lexicons.packed

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin monitor \
    && install --directory --owner monitor --group monitor --mode 700 /data
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MONITOR_HOME=/data
USER monitor
VOLUME /data
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s \
    CMD ["python", "-m", "monitor.web.healthcheck"]
ENTRYPOINT ["monitor"]
CMD ["run"]
