using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused, in upstream's words. Objects are defaulted first, as the server does.</summary>
public sealed class ValidationTests
{
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    [Fact]
    public void A_pod_with_all_that_is_common_is_accepted() => Assert.Empty(Errors("v1", "Pod", """
        {"metadata":{"name":"p"},"spec":{"nodeName":"n","serviceAccountName":"s","hostname":"h","nodeSelector":{"a":"b"},
         "tolerations":[{"operator":"Exists"},{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
         "volumes":[{"name":"e"},{"name":"c","configMap":{"name":"c","items":[{"key":"k","path":"a/b"}]}},{"name":"h","hostPath":{"path":"/x","type":"Directory"}},
          {"name":"t","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
           {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}],
         "initContainers":[{"name":"i","image":"x"},{"name":"s","image":"x","restartPolicy":"Always","startupProbe":{"exec":{"command":["a"]}}}],
         "containers":[{"name":"m","image":"x:1","command":["a"],"ports":[{"name":"http","containerPort":80}],
          "env":[{"name":"A","value":"1"},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},{"name":"C","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['a/b']"}}},
           {"name":"D","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}},{"name":"E","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],
          "envFrom":[{"configMapRef":{"name":"c"}}],
          "volumeMounts":[{"name":"e","mountPath":"/e","subPath":"x"},{"name":"t","mountPath":"/t","readOnly":true}],
          "livenessProbe":{"httpGet":{"port":"http"}},"readinessProbe":{"tcpSocket":{"port":80}},
          "lifecycle":{"preStop":{"sleep":{"seconds":5}}},
          "resources":{"requests":{"cpu":"100m","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi","example.com/gpu":"1"}},
          "securityContext":{"runAsUser":1000,"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}}}],
         "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}],"matchFields":[{"key":"metadata.name","operator":"In","values":["n"]}]}]}},
          "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":100,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"a":"b"}}}}]}},
         "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{}}],
         "dnsPolicy":"None","dnsConfig":{"nameservers":["10.0.0.10"],"searches":["a.b","_x.c."],"options":[{"name":"ndots","value":"2"}]}}}
        """));

    [Theory]
    [InlineData("""{"containers":[]}""", "spec.containers: Required value")]
    [InlineData("""{"containers":[{"name":"A","image":"x"}]}""", "spec.containers[0].name: Invalid value: \"A\": " + Label)]
    [InlineData("""{"containers":[{"name":"a"}]}""", "spec.containers[0].image: Required value")]
    [InlineData("""{"containers":[{"name":"a","image":" x"}]}""", "spec.containers[0].image: Invalid value: \" x\": must not have leading or trailing whitespace")]
    [InlineData("""{"containers":[{"name":"a","image":"x"},{"name":"a","image":"x"}]}""", "spec.containers[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"containers":[{"name":"a","image":"x"}],"initContainers":[{"name":"a","image":"x"}]}""", "spec.initContainers[0].name: Duplicate value: \"a\"")]
    [InlineData("""{"containers":[{"name":"a","image":"x"}],"initContainers":[{"name":"i","image":"x","lifecycle":{}}]}""", "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData("""{"containers":[{"name":"a","image":"x"}],"ephemeralContainers":[{"name":"e","image":"x"}]}""", "spec.ephemeralContainers: Forbidden: cannot be set on create")]
    [InlineData("""{"containers":[{"name":"a","image":"x","ports":[{"containerPort":0}]}]}""", "spec.containers[0].ports[0].containerPort: Required value")]
    [InlineData("""{"containers":[{"name":"a","image":"x","ports":[{"containerPort":70000}]}]}""", "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"containers":[{"name":"a","image":"x","ports":[{"containerPort":1,"hostPort":9},{"containerPort":2,"hostPort":9}]}]}""", "spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9\"")]
    [InlineData("""{"hostNetwork":true,"containers":[{"name":"a","image":"x","ports":[{"containerPort":1,"hostPort":9}]}]}""", "spec.containers[0].ports[0].hostPort: Invalid value: 9: must match `containerPort` when `hostNetwork` is true")]
    [InlineData("""{"containers":[{"name":"a","image":"x","env":[{"name":""}]}]}""", "spec.containers[0].env[0].name: Required value")]
    [InlineData("""{"containers":[{"name":"a","image":"x","env":[{"name":"A","value":"v","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}""", "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty")]
    [InlineData("""{"containers":[{"name":"a","image":"x","env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":""}}}]}]}""", "spec.containers[0].env[0].valueFrom.secretKeyRef.key: Required value")]
    [InlineData("""{"containers":[{"name":"a","image":"x","envFrom":[{}]}]}""", "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`")]
    [InlineData("""{"containers":[{"name":"a","image":"x","volumeMounts":[{"name":"v","mountPath":"/a"}]}]}""", "spec.containers[0].volumeMounts[0].name: Not found: \"v\"")]
    [InlineData("""{"volumes":[{"name":"v"}],"containers":[{"name":"a","image":"x","volumeMounts":[{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/a"}]}]}""", "spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique")]
    [InlineData("""{"volumes":[{"name":"v"}],"containers":[{"name":"a","image":"x","volumeMounts":[{"name":"v","mountPath":"/a","subPath":"../b"}]}]}""", "spec.containers[0].volumeMounts.subPath: Invalid value: \"../b\": must not contain '..'")]
    [InlineData("""{"volumes":[{"name":"v"}],"containers":[{"name":"a","image":"x","volumeMounts":[{"name":"v","mountPath":"/a","mountPropagation":"Bidirectional"}]}]}""", "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers")]
    [InlineData("""{"volumes":[{"name":"v"},{"name":"v"}],"containers":[{"name":"a","image":"x"}]}""", "spec.volumes[1].name: Duplicate value: \"v\"")]
    [InlineData("""{"volumes":[{"name":"v","emptyDir":{},"secret":{"secretName":"s"}}],"containers":[{"name":"a","image":"x"}]}""", "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type")]
    [InlineData("""{"volumes":[{"name":"v","configMap":{"name":""}}],"containers":[{"name":"a","image":"x"}]}""", "spec.volumes[0].configMap.name: Required value")]
    [InlineData("""{"volumes":[{"name":"v","secret":{"secretName":"s","defaultMode":512}}],"containers":[{"name":"a","image":"x"}]}""", "spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive")]
    [InlineData("""{"volumes":[{"name":"v","hostPath":{"path":"/a/../b"}}],"containers":[{"name":"a","image":"x"}]}""", "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'")]
    [InlineData("""{"containers":[{"name":"a","image":"x","livenessProbe":{}}]}""", "spec.containers[0].livenessProbe: Required value: must specify a handler type")]
    [InlineData("""{"containers":[{"name":"a","image":"x","livenessProbe":{"exec":{"command":["a"]},"successThreshold":2}}]}""", "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData("""{"containers":[{"name":"a","image":"x","readinessProbe":{"exec":{"command":["a"]},"tcpSocket":{"port":1}}}]}""", "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData("""{"containers":[{"name":"a","image":"x","readinessProbe":{"exec":{"command":["a"]},"periodSeconds":-1}}]}""", "spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"containers":[{"name":"a","image":"x","lifecycle":{"preStop":{"sleep":{"seconds":31}}}}]}""", "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)")]
    [InlineData("""{"containers":[{"name":"a","image":"x","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}]}""", "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData("""{"containers":[{"name":"a","image":"x","resources":{"limits":{"cpu":"-1"},"requests":{"cpu":"-1"}}}]}""", "spec.containers[0].resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0|spec.containers[0].resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"containers":[{"name":"a","image":"x","resources":{"requests":{"example.com/gpu":"1"}}}]}""", "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources")]
    [InlineData("""{"containers":[{"name":"a","image":"x","resources":{"claims":[{"name":"c"}]}}]}""", "spec.containers[0].resources.claims[0]: Not found: \"c\": must be one of the names in pod.spec.resourceClaims which is empty")]
    [InlineData("""{"containers":[{"name":"a","image":"x","securityContext":{"runAsUser":-1}}]}""", "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive")]
    [InlineData("""{"containers":[{"name":"a","image":"x","securityContext":{"privileged":true,"allowPrivilegeEscalation":false}}]}""", "spec.containers[0].securityContext: Invalid value: {\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true")]
    [InlineData("""{"securityContext":{"seccompProfile":{"type":"Localhost"}},"containers":[{"name":"a","image":"x"}]}""", "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost")]
    [InlineData("""{"dnsPolicy":"None","containers":[{"name":"a","image":"x"}]}""", "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None")]
    [InlineData("""{"dnsConfig":{"nameservers":["1.2.3"]},"containers":[{"name":"a","image":"x"}]}""", "spec.dnsConfig.nameservers[0]: Invalid value: \"1.2.3\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"tolerations":[{"value":"x"}],"containers":[{"name":"a","image":"x"}]}""", "spec.tolerations[0].operator: Invalid value: \"\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"")]
    [InlineData("""{"tolerations":[{"key":"a","operator":"Exists","value":"b"}],"containers":[{"name":"a","image":"x"}]}""", "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'")]
    [InlineData("""{"tolerations":[{"key":"a","tolerationSeconds":3}],"containers":[{"name":"a","image":"x"}]}""", "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set")]
    [InlineData("""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}},"containers":[{"name":"a","image":"x"}]}""", "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term")]
    [InlineData("""{"topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"}],"containers":[{"name":"a","image":"x"}]}""", "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero")]
    [InlineData("""{"activeDeadlineSeconds":0,"containers":[{"name":"a","image":"x"}]}""", "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive")]
    [InlineData("""{"nodeName":"n","schedulingGates":[{"name":"g"}],"containers":[{"name":"a","image":"x"}]}""", "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    [InlineData("""{"serviceAccountName":"A","containers":[{"name":"a","image":"x"}]}""", "spec.serviceAccountName: Invalid value: \"A\": " + Subdomain)]
    public void A_pod_is_refused(string spec, string expected) =>
        Assert.Equal(expected.Split('|'), Errors("v1", "Pod", $$$"""{"metadata":{"name":"p"},"spec":{{{spec}}} }"""));

    [Theory]
    [InlineData("""{"containers":[{"name":"a","image":"y"}]}""", "")]
    [InlineData("""{"containers":[{"name":"a","image":"x"}],"tolerations":[{"operator":"Exists"}]}""", "")]
    [InlineData("""{"containers":[{"name":"a","image":"x"},{"name":"b","image":"x"}]}""", "spec.containers: Forbidden: pod updates may not add or remove containers")]
    [InlineData("""{"containers":[{"name":"a","image":"x","command":["c"]}]}""", "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n+ spec.containers[0].command: [\"c\"]\n")]
    public void A_pods_specification_hardly_changes(string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes("v1", "Pod", """{"spec":{"containers":[{"name":"a","image":"x"}]}}""", $$$"""{"spec":{{{spec}}} }""")));

    [Fact]
    public void A_container_that_ended_for_good_does_not_run_again() => Assert.Equal(
        ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
        Changes("v1", "Pod", """{"spec":{"restartPolicy":"Never"},"status":{"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":1}}}]}}""",
            """{"spec":{"restartPolicy":"Never"},"status":{"containerStatuses":[{"name":"a","state":{"running":{}}}]}}""", "status"));

    private const string Template = """{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"m","image":"x"}]}}""";

    [Theory]
    [InlineData("""{"selector":{"matchLabels":{"a":"1"}},"template":TEMPLATE}""", "")]
    [InlineData("""{"selector":{"matchLabels":{"a":"2"}},"template":TEMPLATE}""", "spec.template.metadata.labels: Invalid value: {\"a\":\"1\"}: `selector` does not match template `labels`")]
    [InlineData("""{"template":TEMPLATE}""", "spec.selector: Required value")]
    [InlineData("""{"selector":{},"template":TEMPLATE}""", "spec.selector: Invalid value: {}: empty selector is invalid for deployment")]
    [InlineData("""{"replicas":-1,"selector":{"matchLabels":{"a":"1"}},"template":TEMPLATE}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"strategy":{"type":"Recreate","rollingUpdate":{}},"selector":{"matchLabels":{"a":"1"}},"template":TEMPLATE}""", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("""{"strategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":"0%"}},"selector":{"matchLabels":{"a":"1"}},"template":TEMPLATE}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0")]
    [InlineData("""{"progressDeadlineSeconds":5,"minReadySeconds":5,"selector":{"matchLabels":{"a":"1"}},"template":TEMPLATE}""", "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds")]
    [InlineData("""{"selector":{"matchLabels":{"a":"1"}},"template":{"metadata":{"labels":{"a":"1"}},"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"x"}]}}}""", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    public void A_deployment_needs_a_selector_that_selects_its_pods(string spec, string expected) => Assert.Equal(expected,
        string.Join('|', Errors("apps/v1", "Deployment", $$$"""{"metadata":{"name":"d"},"spec":{{{spec.Replace("TEMPLATE", Template, StringComparison.Ordinal)}}} }""")));

    [Theory]
    [InlineData("apps/v1", "Deployment")]
    [InlineData("apps/v1", "ReplicaSet")]
    public void A_selector_is_immutable(string version, string kind) => Assert.Equal(
        ["spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"1\"},\"matchExpressions\":[{\"key\":\"b\",\"operator\":\"DoesNotExist\"}]}: field is immutable"],
        Changes(version, kind, $$$"""{"spec":{"selector":{"matchLabels":{"a":"1"}},"template":{{{Template}}} } }""",
            $$$"""{"spec":{"selector":{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"b","operator":"DoesNotExist"}]},"template":{{{Template}}} } }"""));

    [Theory]
    [InlineData("""{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"]}""", "")]
    [InlineData("""{}""", "spec.ports: Required value")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None"]}""", "")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive|spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"ports":[{"port":80},{"name":"b","port":81}]}""", "spec.ports[0].name: Required value")]
    [InlineData("""{"ports":[{"port":80,"nodePort":30000}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("""{"type":"ExternalName"}""", "spec.externalName: Required value")]
    [InlineData("""{"ports":[{"port":80}],"externalTrafficPolicy":"Local"}""", "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services")]
    [InlineData("""{"ports":[{"port":80}],"externalIPs":["127.0.0.1"]}""", "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("""{"type":"NodePort","ports":[{"port":80}],"clusterIP":"None","clusterIPs":["None"]}""", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services")]
    public void A_service_is_checked(string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("v1", "Service", $$$"""{"metadata":{"name":"s"},"spec":{{{spec}}} }""")));

    [Fact]
    public void A_services_address_stays() => Assert.Equal(["spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"], Changes("v1", "Service",
        """{"spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"]}}""", """{"spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.2","clusterIPs":["10.0.0.2"]}}"""));

    [Theory]
    [InlineData("ConfigMap", """{"data":{"a b":""}}""", "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]
    [InlineData("ConfigMap", """{"data":{"a":""},"binaryData":{"a":""}}""", "data[a]: Invalid value: \"a\": duplicate of key present in binaryData")]
    [InlineData("Secret", """{"type":"kubernetes.io/tls","data":{"tls.crt":""}}""", "data[tls.key]: Required value")]
    [InlineData("Secret", """{"type":"kubernetes.io/service-account-token"}""", "metadata.annotations[kubernetes.io/service-account.name]: Required value")]
    [InlineData("Secret", """{"type":"kubernetes.io/dockerconfigjson"}""", "data[.dockerconfigjson]: Required value")]
    [InlineData("Node", """{"spec":{"podCIDRs":["10.0.0.0/33"]}}""", "spec.podCIDRs[0]: Invalid value: \"10.0.0.0/33\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("Namespace", """{"spec":{"finalizers":["mine"]}}""", "spec.finalizers: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified")]
    public void Content_is_checked(string kind, string json, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", kind, json)));

    [Theory]
    [InlineData("ConfigMap", """{"immutable":true,"data":{"a":"1"}}""", """{"immutable":true,"data":{"a":"2"}}""", "data: Forbidden: field is immutable when `immutable` is set")]
    [InlineData("ConfigMap", """{"immutable":true}""", """{}""", "immutable: Forbidden: field is immutable when `immutable` is set")]
    [InlineData("Secret", """{"type":"a"}""", """{"type":"b"}""", "type: Invalid value: \"b\": field is immutable")]
    [InlineData("Secret", """{"immutable":true,"data":{"a":"MQ=="}}""", """{"immutable":true}""", "data: Forbidden: field is immutable when `immutable` is set")]
    [InlineData("Node", """{"spec":{"podCIDRs":["10.0.0.0/24"]}}""", """{"spec":{"podCIDRs":["10.0.1.0/24"]}}""", "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid")]
    [InlineData("Node", """{"spec":{"providerID":"a"}}""", """{"spec":{"providerID":"b"}}""", "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to valid")]
    public void What_is_fixed_stays(string kind, string old, string json, string expected) => Assert.Equal(expected, string.Join('|', Changes("v1", kind, old, json)));
}
