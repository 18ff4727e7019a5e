#!/bin/bash
# Runs the broker with the password and the identity of the secrets. The key store's password goes into broker.xml, which
# only the broker's user can read: ps shows arguments.
set -u
umask 077
etc=/opt/holdfast/broker/etc
password=$(cat /run/secrets/broker.password) || exit 1
printf 'holdfast = %s\n' "$password" >"$etc/artemis-users.properties" || exit 1
password=$(cat /run/secrets/broker.p12.password) || exit 1
tls=';sslEnabled=true;needClientAuth=true;enabledProtocols=TLSv1.3,TLSv1.2'
for kind in keyStore trustStore; do
    tls="$tls;${kind}Type=PKCS12;${kind}Path=/run/secrets/broker.p12;${kind}Password=$password"
done
# What was written by an earlier start of the same container begins with the same words.
sed "s|\(tcpReceiveBufferSize=[0-9]*\)[^<]*<|\1$tls<|" "$etc/broker.xml" >"$etc/broker.xml.new" || exit 1
mv "$etc/broker.xml.new" "$etc/broker.xml" || exit 1
unset password tls
exec /opt/holdfast/broker/bin/artemis run
