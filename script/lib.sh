# Shared by the commands beside it; it is read with `.`, never run. Callers have `set -euo pipefail` on.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV="$ROOT/.venv"
PY="$VENV/bin/python"
STAMP="$VENV/.leitai-installed"
SYSTEM_PYTHON=${SYSTEM_PYTHON:-/usr/bin/python3}
export PYTHONPATH="$ROOT" PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }
die() {
  say "错误：$*"
  exit 1
}

# This function will print the system's own Python when it is 3.11 or newer and has venv: the
# distribution builds it with profiles, which saves every process about a tenth of its time. Else
# the first on the path that is new enough.
find_python() {
  local candidate
  if "$SYSTEM_PYTHON" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    echo "$SYSTEM_PYTHON"
    return
  fi
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$candidate"
      return
    fi
  done
  die "需要 Python 3.11 或更新的版本，本机的 python3 是「$(python3 --version 2>&1 || true)」。请先安装 Python 3.11 以上版本再试。
(Python 3.11 or newer with venv is required.)"
}

# This function will succeed when .venv holds a Python that is new enough, and pip. (Without Debian's
# python3-venv a first try leaves a folder that has a python but no pip.)
venv_works() {
  [ -x "$VENV/bin/pip" ] &&
    "$PY" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# This function will make .venv when it is missing or broken. A link to another folder is followed.
ensure_venv() {
  if venv_works; then
    return
  fi
  local python
  python=$(find_python)
  say "正在建立 .venv（$("$python" --version)）……"
  "$python" -m venv --clear "$VENV" >&2 || die "无法建立虚拟环境，请先安装 venv 组件（Debian/Ubuntu：apt-get install python3-venv）。
(Cannot make a virtual environment: install python3-venv.)"
}

# This function will print the digest of one file.
digest() { sha256sum "$1" | cut -d' ' -f1; }

# This function will succeed when .venv works and holds a hash-locked set as it is now.
has_locked() {
  venv_works && grep -qsx "$1 $(digest "$ROOT/$1.lock")" "$STAMP"
}

# This function will install a hash-locked set ("requirements" or "requirements-dev") unless .venv
# has it already. The development set contains the runtime set, version for version.
install_locked() {
  local name=$1
  has_locked "$name" && return
  (
    # Two commands started together must not install into one folder at the same time.
    exec 9>"$(realpath -m "$VENV").lock"
    flock 9
    ensure_venv
    if has_locked "$name"; then
      exit 0
    fi
    say "正在安装 $name.lock 中的软件包……"
    rm -f "$STAMP"
    "$PY" -m pip install -qq --no-input --disable-pip-version-check --require-hashes \
      -r "$ROOT/$name.lock" >&2 || die "软件包没有装好，请检查网络或软件源设置后重试。"
    printf '%s %s\n' requirements "$(digest "$ROOT/requirements.lock")" >"$STAMP"
    if [ "$name" != requirements ]; then
      printf '%s %s\n' "$name" "$(digest "$ROOT/$name.lock")" >>"$STAMP"
    fi
  )
}

# This function will point the environment at the demonstration: it never touches a database or a
# folder that the environment names for real use.
use_demo() {
  unset LEITAI_SECRET_KEY LEITAI_DEBUG LEITAI_HTTPS
  export LEITAI_MODE=demo LEITAI_DATA_DIR="${LEITAI_DEMO_DIR:-$ROOT/var/demo}"
  export DATABASE_URL="sqlite:///$LEITAI_DATA_DIR/leitai.sqlite3"
}

manage() { "$PY" "$ROOT/manage.py" "$@"; }

# This function will stop with a sentence unless a TCP port of 127.0.0.1 can be listened on.
require_free_port() {
  local port=$1
  [[ $port =~ ^[0-9]{1,5}$ ]] && ((10#$port >= 1 && 10#$port <= 65535)) ||
    die "端口应为 1 到 65535 之间的整数，现在是「$port」。"
  "$PY" - "$port" <<'PYTHON' || die "端口 $port 已被占用。请先停掉占用它的程序，或者换一个端口：PORT=$((10#$port + 1)) $0"
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PYTHON
}

# This function will install Debian packages when it may, and otherwise say which command does.
install_debian() {
  [ $# -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "缺少系统软件包：$*。请以管理员身份运行：apt-get install $*"
  fi
  say "正在安装系统软件包：$* ……"
  local log
  log=$(mktemp)
  {
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "系统软件包没有装好：$*。"
  }
  rm -f "$log"
}

# This function will print the folder of the newest PostgreSQL server binaries, or nothing.
postgres_bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  if [ -z "$found" ]; then
    found=$(command -v initdb || true)
    [ -n "$found" ] && found=$(readlink -f "$found")
  fi
  [ -z "$found" ] || dirname "$found"
}
