#!/bin/bash
# healthy PORT [PATH=STATUS,STATUS...]...: whether this container listens on PORT and answers each GET with such a status.
# In bash alone, for not every base image has curl. Exit codes: 0 yes, 1 no.
set -u
port=$1
shift

exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
exec 3>&-

for expected in "$@"; do
    path=${expected%=*}
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&3
    read -r -t 3 _ status _ <&3
    exec 3>&-
    case ",${expected##*=}," in
        *",${status:-none},"*) ;;
        *)
            echo "$path answers ${status:-nothing}"
            exit 1
            ;;
    esac
done
