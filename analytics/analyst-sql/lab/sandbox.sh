# Makes an almost empty world for a lab and starts it there. Runs as the first process of namespaces of its own.
# Arguments: root (an empty folder), snapshot, what it points into (or nothing), node, project, room for what the engine writes (bytes), then the lab's own.
set -eu
root=$1 snapshot=$2 pointed=$3 node=$4 project=$5 room=$6
shift 6
PATH=/usr/sbin:/usr/bin:/sbin:/bin

mount --make-rprivate /
mount -t tmpfs -o size=1m,mode=755 lab "$root"
cd "$root"
mkdir -p bin dev old pipe proc tmp usr written

see() { # a file or folder of the outer world, at its own path or at another, to be read only
  inner=${2:-$1}
  if [ -d "$1" ]; then mkdir -p ".$inner"; else mkdir -p "$(dirname ".$inner")" && : > ".$inner"; fi
  mount --bind "$1" ".$inner"
  mount -o remount,bind,ro,nosuid "$PWD$inner"
}
for folder in lib lib64 usr/lib usr/lib64; do
  if [ -L "/$folder" ]; then ln -s "$(readlink "/$folder")" "$folder"; elif [ -d "/$folder" ]; then see "/$folder"; fi
done
for program in mount umount setpriv env; do see "$(command -v $program)" "/bin/$program"; done
see "$node" /bin/node
for part in package.json analytics node_modules/chdb node_modules/@chdb; do see "$project/$part"; done
if [ -n "$pointed" ]; then see "$pointed"; fi
if [ -d /usr/share/zoneinfo ]; then see /usr/share/zoneinfo; fi
for device in null urandom; do : > dev/$device && mount --bind /dev/$device dev/$device; done

# The engine has to write beside its tables. It writes into memory, never into files that the real engine has as well.
mkdir -p ".$snapshot"
mount -t tmpfs -o "size=$room,mode=755" written written
mkdir written/upper written/work
mount -t overlay -o "lowerdir=$snapshot,upperdir=written/upper,workdir=written/work" overlay ".$snapshot"
mount -t tmpfs -o size=64k,mode=755 pipe pipe
mkfifo pipe/answers

mount -t proc proc proc
pivot_root . old
cd /
/bin/umount -l /old
/bin/umount -l /written
/bin/mount -o remount,ro,nosuid /
# Nothing of the machine is told: neither its processes nor its settings.
exec 4> /proc/self/oom_score_adj && echo 1000 >&4 2> /dev/null || true
exec 4>&-
/bin/umount -l /proc
exec /bin/setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all \
  /bin/env -i TZ=UTC "UV_THREADPOOL_SIZE=$UV_THREADPOOL_SIZE" /bin/node "$@" --pipe /pipe/answers
