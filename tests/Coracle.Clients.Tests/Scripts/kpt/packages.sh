#!/usr/bin/env bash
# A package that kpt applies, changes, prunes and destroys. It keeps its inventory as a custom resource, applies, and watches every object until it has come to rest.
set -euo pipefail

# Prints what is claimed and what was printed instead, and ends, unless the text holds the words.
says() {
  [[ "$2" == *"$3"* ]] || { printf '%s: expected "%s" in\n%s\n' "$1" "$3" "$2"; exit 1; }
}

# Ends unless the two are the same.
equal() {
  [ "$2" = "$3" ] || { printf '%s: expected "%s", got "%s"\n' "$1" "$3" "$2"; exit 1; }
}

# Runs a command of kpt live; what it prints is in $out. Ends when it fails.
live() {
  out=$(kpt live "$@" 2>&1) || { printf 'kpt live %s:\n%s\n' "$*" "$out"; exit 1; }
}

kubectl create namespace "$NAMESPACE" >/dev/null
trap 'kubectl delete namespace "$NAMESPACE" --wait=false >/dev/null' EXIT

live install-resource-group
kubectl wait --for=condition=Established crd/resourcegroups.kpt.dev --timeout=30s >/dev/null

mkdir package
cd package
cat >Kptfile <<EOF
apiVersion: kpt.dev/v1
kind: Kptfile
metadata: {name: package}
EOF
cat >web.yaml <<EOF
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: $NAMESPACE}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "registry.example.com/web:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: $NAMESPACE}
spec: {selector: {app: web}, ports: [{port: 80}]}
EOF
cat >settings.yaml <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: $NAMESPACE}
data: {colour: red}
EOF
live init --namespace "$NAMESPACE" --name inventory

live apply --server-side --dry-run
says "a dry run" "$out" "deployment.apps/web apply successful"
equal "config maps after a dry run" "$(kubectl get configmap settings -n "$NAMESPACE" --ignore-not-found -o name)" ""

# A definition and an object of it in one package: kpt waits for the one before it applies the other.
cat >definition.yaml <<EOF
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kites.kpt.clients.example.com}
spec:
  group: kpt.clients.example.com
  scope: Namespaced
  names: {plural: kites, singular: kite, kind: Kite}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {tail: {type: integer}}}}
EOF
cat >kite.yaml <<EOF
apiVersion: kpt.clients.example.com/v1
kind: Kite
metadata: {name: red, namespace: $NAMESPACE}
spec: {tail: 3}
EOF

live apply --reconcile-timeout=2m
says "the first apply" "$out" "customresourcedefinition.apiextensions.k8s.io/kites.kpt.clients.example.com reconcile successful"
says "the first apply" "$out" "kite.kpt.clients.example.com/red reconcile successful"
says "the first apply" "$out" "deployment.apps/web reconcile successful"
says "the first apply" "$out" "apply result: 5 attempted, 5 successful, 0 skipped, 0 failed"
equal "replicas that are ready" "$(kubectl get deployment web -n "$NAMESPACE" -o 'jsonpath={.status.readyReplicas}')" 2
equal "objects in the inventory" "$(kubectl get resourcegroup inventory -n "$NAMESPACE" -o 'jsonpath={.spec.resources[*].name}' | wc -w | tr -d ' ')" 5

live status --output=events --poll-until=current --timeout=1m
says "the status" "$out" "deployment.apps/$NAMESPACE/web is Current: Deployment is available. Replicas: 2"
says "the status" "$out" "kite.kpt.clients.example.com/$NAMESPACE/red is Current"

# What changed is changed, what is no longer in the package is pruned.
sed -i 's/red/green/' settings.yaml
rm kite.yaml
sed -i 's/replicas: 2/replicas: 3/' web.yaml
live apply --server-side --force-conflicts --field-manager=kpt --reconcile-timeout=2m --prune-timeout=1m
says "the second apply" "$out" "kite.kpt.clients.example.com/red prune successful"
says "the second apply" "$out" "apply result: 4 attempted, 4 successful, 0 skipped, 0 failed"
equal "the settings" "$(kubectl get configmap settings -n "$NAMESPACE" -o 'jsonpath={.data.colour}')" green
equal "replicas that are ready" "$(kubectl get deployment web -n "$NAMESPACE" -o 'jsonpath={.status.readyReplicas}')" 3
says "who applied" "$(kubectl get configmap settings -n "$NAMESPACE" --show-managed-fields -o 'jsonpath={range .metadata.managedFields[*]}{.manager} {.operation}{"\n"}{end}')" "kpt Apply"

# An object of someone else is not taken over.
kubectl create configmap theirs -n "$NAMESPACE" --from-literal=a=b >/dev/null
cat >theirs.yaml <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: theirs, namespace: $NAMESPACE}
data: {a: c}
EOF
out=$(kpt live apply --reconcile-timeout=2m 2>&1) || true
says "an object of someone else" "$out" "configmap/theirs apply skipped"
rm theirs.yaml

live destroy
says "the end" "$out" "delete result: 4 attempted, 4 successful, 0 skipped, 0 failed"
equal "what is left" "$(kubectl get deployment,service,configmap -n "$NAMESPACE" -o name | grep -v -e kube-root-ca -e theirs)" "" || true
kubectl delete crd resourcegroups.kpt.dev >/dev/null
