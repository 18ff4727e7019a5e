#!/bin/bash
# Runs the application of this image in Payara Micro, and ends with it.
#   JAVA_OPTIONS            heap and system properties
#   HOLDFAST_TLS_KEY_STORE, HOLDFAST_TLS_PASSWORD_FILE   this component's identity
#   HOLDFAST_START_SECONDS  how long the application may take to answer (600)
# The files beside it say what setup/start says as well (a test compares them), except that a container listens on all
# of its own addresses.
set -u
# Also where the data lies on a volume that other users of the host can see.
umask 077
runtime=/opt/holdfast/payara
instance=/tmp/instance

# An old instance directory keeps the settings of its last run.
rm -rf "$instance"
mkdir "$instance" && cp -r "$runtime/config" "$runtime/lib" "$runtime/docroot" "$instance/" || exit 1
cp /opt/holdfast/logging.properties "$instance/config/" || exit 1

# Payara takes the key store from system properties, its password included: from a file, for ps shows arguments.
password=$(cat "$HOLDFAST_TLS_PASSWORD_FILE") || exit 1
for kind in keyStore trustStore; do
    printf '%s\n' "-Djavax.net.ssl.$kind=$HOLDFAST_TLS_KEY_STORE" "-Djavax.net.ssl.${kind}Type=PKCS12" \
        "-Djavax.net.ssl.${kind}Password=$password"
done >"$instance/tls.args" || exit 1
unset password
tls="-Djdk.tls.server.cipherSuites=TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384,TLS_CHACHA20_POLY1305_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 -Djdk.tls.namedGroups=x25519,secp256r1,secp384r1 -Djdk.tls.rejectClientInitiatedRenegotiation=true"

# The packages of the JDK that Payara opens, as its own launcher has them.
opens=$(sed -n 's/.*MICRO_OPENS="\([^"]*\)".*/\1/p' "$runtime/.env")

# shellcheck disable=SC2086 # several options each
java $opens -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData \
    -XX:+UnlockDiagnosticVMOptions -XX:CompilerDirectivesFile=/opt/holdfast/compiler-directives.json -XX:CompileCommand=quiet \
    $tls "@$instance/tls.args" \
    -Djava.awt.headless=true -Dfile.encoding=UTF-8 -Duser.timezone=UTC ${JVM_ARGS-} ${JAVA_OPTIONS-} \
    "-Dfish.payara.micro.BootJar=file:$runtime/launch-micro.jar" "-Dfish.payara.micro.UnpackDir=$runtime" \
    -cp "$runtime/launch-micro.jar" fish.payara.micro.impl.PayaraMicroImpl \
    --rootdir "$instance" --nohazelcast --disablephonehome --port 8080 \
    --prebootcommandfile /opt/holdfast/pre-boot.txt --postdeploycommandfile /opt/holdfast/post-deploy.txt \
    --contextroot / --deploy /opt/holdfast/application.war &
java=$!
trap 'kill -TERM "$java" 2>/dev/null' TERM INT

# Payara outlives an application that failed to deploy, as the master does without its database. Such a process would
# stay useless for ever; ended, it is started again by the restart policy.
seconds=${HOLDFAST_START_SECONDS:-600}
until bash /usr/local/bin/healthy 8080 /health/live=200 >/dev/null 2>&1; do
    kill -0 "$java" 2>/dev/null || break
    if [ "$SECONDS" -ge "$seconds" ]; then
        echo "holdfast: the application does not answer after $seconds s; giving up" >&2
        kill -TERM "$java"
        wait "$java"
        exit 1
    fi
    sleep 1 &
    wait $!
done

# A signal interrupts the wait; the process may still be busy ending.
while
    wait "$java"
    code=$?
    kill -0 "$java" 2>/dev/null
do :; done
exit "$code"
