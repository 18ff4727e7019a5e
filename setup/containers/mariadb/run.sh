#!/bin/bash
# The first start makes the database and its users; later ones ignore these variables. From files, for what stands in a
# compose file or an image can be read by everybody who may look at the container.
set -u
# The server takes its umask from the variable: by its own, its group reads the tables.
umask 077
export UMASK=0600
MARIADB_ROOT_PASSWORD=$(cat /run/secrets/db.root.password) || exit 1
MARIADB_PASSWORD=$(cat /run/secrets/db.password) || exit 1
export MARIADB_ROOT_PASSWORD MARIADB_PASSWORD
exec docker-entrypoint.sh mariadbd "$@"
