#!/usr/bin/env python3
"""The whole pipeline from an nginx on loopback, against its stages alone: pipeline.py BUILD [--rows 20000:header ...]"""
import argparse
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CONFIG = """daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; sendfile on; tcp_nopush on; client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0};
uwsgi_temp_path {0}; scgi_temp_path {0}; server {{ listen 127.0.0.1:{1}; root {2}; }} }}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def chain_of(build, folder, block_bytes, megabytes):
    out = folder / f"c{block_bytes}"
    if not (out / "network.toml").exists():
        blocks = min(megabytes * 1_000_000 // block_bytes, 120_000) // 50 * 50
        subprocess.run([build / "tests/kit/make_chain", "--seed", "1", "--blocks", str(blocks), "--block-bytes",
                        str(block_bytes), "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    return out


def measure(build, folder, files, level, seconds):
    port = free_port()
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        config = pathlib.Path(scratch) / "nginx.conf"
        config.write_text(CONFIG.format(scratch, port, files))
        server = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)])
        try:
            workers = []
            while not workers:
                time.sleep(0.1)
                workers = pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            subprocess.run([build / "tests/bench/pipeline/pipeline_bench", "--files", files, "--url",
                            f"http://127.0.0.1:{port}", "--server", *workers, "--level", level, "--store",
                            folder / "store", "--seconds", str(seconds)], check=True)
        finally:
            server.terminate()
            server.wait(10)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("build", type=pathlib.Path)
    words.add_argument("--rows", nargs="+", default=["20000:header", "2000:header", "37000:header", "20000:link"],
                       help="bytes a block, level")
    words.add_argument("--megabytes", type=int, default=800, help="of each chain, but 120,000 blocks at most")
    words.add_argument("--seconds", type=float, default=10)
    words.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("pipeline-bench"),
                       help="on the disk that is measured; chains stay in it")
    given = words.parse_args()
    given.folder.mkdir(exist_ok=True)
    folder = given.folder.resolve()
    for row in given.rows:
        size, level = row.split(":")
        measure(given.build.resolve(), folder, chain_of(given.build.resolve(), folder, int(size), given.megabytes), level,
                given.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
