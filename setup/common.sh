# shellcheck shell=sh
# shellcheck disable=SC2154
# What the scripts beside this file share; read with ".", not run.
# They set $name (how they call themselves) and $here (this folder) first.

# say SENTENCE...: to standard error, with the script's name.
say() {
    echo "$name: $*" >&2
}

# refuse SENTENCE...: it can't be done (exit 1).
refuse() {
    say "$*"
    exit 1
}

# misuse SENTENCE...: nobody can know what was meant (exit 2).
misuse() {
    say "$*"
    exit 2
}

# tool NAME WHAT: or one sentence about what to install.
tool() {
    command -v "$1" >/dev/null 2>&1 || refuse "$1 is missing; install $2"
}

# at_least WANTED FOUND: compares dotted versions, number by number.
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$1" ]
}

# build_programs: compiles and packages what runs, unless it was built from just these sources; the log goes to $log.
# Tests and checks belong to mvn verify.
build_programs() {
    "$here/sources" changed || return 0
    tool mvn "Maven, 3.8.6 or newer (it builds Holdfast the first time and after changes)"
    if ! command -v javac >/dev/null 2>&1 && [ ! -x "${JAVA_HOME-}/bin/javac" ]; then
        refuse "there is a Java runtime, but no compiler; install a JDK, 17 or newer"
    fi
    mvn_version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' | head -n 1)
    at_least 3.8.6 "${mvn_version:-0}" || refuse "Maven ${mvn_version:-of unknown version} is too old; install 3.8.6 or newer"
    mkdir -p "$here/target" || refuse "cannot write in $here"
    echo "building (a minute the first time, and what Maven has to fetch; log: $log)"
    "$here/sources" begin || refuse "cannot write in $root"
    # The exit code of a pipe is its last command's: Maven's own is kept in a file. Line by line, for sed would keep
    # what it has to say until the end when nobody sits at a terminal.
    {
        mvn -B -Pquick -f "$root/pom.xml" -pl setup,master-war,storage-war,replicator-worker -am package 2>&1
        echo $? >"$log.exit"
    } | while IFS= read -r line; do
        printf '%s\n' "$line" >&3
        case $line in
            '[INFO] Building Holdfast'*) printf '  %s\n' "${line#'[INFO] Building '}" | sed 's/ [^ ]*SNAPSHOT.*//' ;;
        esac
    done 3>"$log"
    code=$(cat "$log.exit")
    rm -f "$log.exit"
    if [ "$code" -ne 0 ]; then
        grep '^\[ERROR\]' "$log" | head -n 12 >&2
        refuse "the build failed; the whole story is in $log"
    fi
    for module in setup master-war storage-war replicator-worker; do
        "$here/sources" built "$module"
    done
}

# The data directory without --data.
default_data() {
    printf '%s\n' "${HOLDFAST_DATA:-$(cd "$here/.." && pwd)/data}"
}

# absolute DIR: the same directory from everywhere, whether it is there or not.
absolute() {
    case $1 in
        /*) printf '%s\n' "$1" ;;
        *) printf '%s/%s\n' "$(pwd)" "$1" ;;
    esac
}

# command_line PID: what that process was started with; nothing when there is none.
command_line() {
    if [ -r "/proc/$1/cmdline" ]; then
        tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null
    else
        ps -ww -o args= -p "$1" 2>/dev/null
    fi
}

# alive PID WORD: whether that process runs and has WORD on its command line (a reused number is not ours).
alive() {
    kill -0 "$1" 2>/dev/null && command_line "$1" | grep -qF -e "$2"
}

# is_running: whether the launcher of $data lives.
is_running() {
    [ -r "$data/run/control" ] && [ -r "$data/run/launcher" ] && alive "$(cat "$data/run/launcher")" holdfast-setup.jar
}

# require_running: a sentence and exit 1 when there is nobody to talk to.
require_running() {
    [ -f "$data/holdfast-data" ] || refuse "there is no cluster in $data; setup/start makes one, --data DIR names another"
    is_running || refuse "no cluster runs on $data; setup/start starts it"
}

# control METHOD PATH: asks the launcher, prints its answer (a refusal to standard error), returns 0,
# 1 (refused) or 2 (no such thing).
# The token goes through curl's standard input: a command line is for everybody to read.
control() {
    command -v curl >/dev/null 2>&1 || refuse "curl is missing; install it"
    read -r control_port control_token <"$data/run/control" || refuse "cannot read $data/run/control"
    control_answer=$(printf 'header = "Authorization: Bearer %s"\n' "$control_token" |
        curl --config - --silent --show-error --noproxy '*' --request "$1" --write-out '\n%{http_code}' \
            "http://127.0.0.1:$control_port$2") || refuse "the launcher does not answer; see its terminal"
    control_status=$(printf '%s\n' "$control_answer" | tail -n 1)
    control_text=$(printf '%s\n' "$control_answer" | sed '$d')
    case $control_status in
        2*)
            printf '%s\n' "$control_text"
            return 0
            ;;
        404)
            say "$control_text"
            return 2
            ;;
        *)
            say "$control_text"
            return 1
            ;;
    esac
}
