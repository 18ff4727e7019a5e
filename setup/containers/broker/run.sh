#!/bin/bash
# Runs the broker with the password of the secret.
set -u
umask 077
password=$(cat /run/secrets/broker.password) || exit 1
printf 'holdfast = %s\n' "$password" >/opt/holdfast/broker/etc/artemis-users.properties || exit 1
unset password
exec /opt/holdfast/broker/bin/artemis run
