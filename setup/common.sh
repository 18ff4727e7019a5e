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
