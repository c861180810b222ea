using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is accepted with a warning, in upstream's words.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("""{"nodeSelector":{"beta.kubernetes.io/os":"linux"},"containers":[]}""", "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead")]
    [InlineData("""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"beta.kubernetes.io/arch","operator":"Exists"}]}]}}},"containers":[]}""", "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use \"kubernetes.io/arch\" instead")]
    [InlineData("""{"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"}],"containers":[]}""", "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod")]
    [InlineData("""{"affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"z"}}]}},"containers":[]}""", "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod")]
    [InlineData("""{"volumes":[{"name":"v","gitRepo":{"repository":"r"}},{"name":"w","rbd":{"monitors":[],"image":"i"}}],"containers":[]}""", "spec.volumes[0].gitRepo: deprecated in v1.11|spec.volumes[1].rbd: deprecated in v1.28, non-functional in v1.31+")]
    [InlineData("""{"volumes":[{"name":"v","configMap":{"name":"c","items":[{"key":"a","path":"x"},{"key":"b","path":"x/y"}]}}],"containers":[]}""", "volume \"v\" (ConfigMap \"c\"): overlapping paths: \"x/y\" with \"x\"")]
    [InlineData("""{"volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"token"}},{"secret":{"name":"s","items":[{"key":"a","path":"token"}]}}]}}],"containers":[]}""", "volume \"v\" (Projected Secret \"s\"): overlapping paths: \"token\" with \"token\"")]
    [InlineData("""{"hostAliases":[{"ip":"1.1.1.1"},{"ip":"1.1.1.1"}],"imagePullSecrets":[{"name":"a"},{"name":"a"},{"name":""}],"containers":[]}""", "spec.hostAliases[1].ip: duplicate ip \"1.1.1.1\"|spec.imagePullSecrets[1].name: duplicate name \"a\"|spec.imagePullSecrets[2].name: invalid empty name \"\"")]
    [InlineData("""{"containers":[{"name":"a","resources":{"limits":{"memory":"100m"}}}]}""", "spec.containers[0].resources.limits[memory]: fractional byte value \"100m\" is invalid, must be an integer|spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer")]
    [InlineData("""{"containers":[{"name":"a","env":[{"name":"A","value":"1"},{"name":"A","value":"$(A)2"},{"name":"A","value":"3"}]}]}""", "spec.containers[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":80}]},{"name":"b","ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}]}]}""", "spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":80,"hostPort":8}]}]}""", "spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":80,"hostPort":8},{"containerPort":80,"hostPort":8,"hostIP":"1.1.1.1"}]}]}""", "spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"name":"p","containerPort":80,"hostIP":"1.1.1.1"}]}]}""", "spec.containers[0].ports[0]: hostIP set without hostPort: {Name:p HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.1.1.1}")]
    [InlineData("""{"terminationGracePeriodSeconds":-1,"containers":[]}""", "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1")]
    public void A_pod_is_warned_of(string spec, string expected)
    {
        var pod = $$$"""{"metadata":{"name":"p"},"spec":{{{spec}}} }""";
        Assert.Equal(expected.Split('|'), Warnings("v1", "Pod", pod));
        Assert.Empty(Warnings("v1", "Pod", pod, old: pod));
    }

    [Theory]
    [InlineData("apps/v1", "Deployment", "spec.template")]
    [InlineData("apps/v1", "ReplicaSet", "spec.template")]
    [InlineData("batch/v1", "Job", "spec.template")]
    [InlineData("batch/v1", "CronJob", "spec.jobTemplate.spec.template")]
    [InlineData("v1", "PodTemplate", "template")]
    public void A_templates_warnings_come_with_its_changes(string version, string kind, string path)
    {
        var json = """{"metadata":{"annotations":{"container.apparmor.security.beta.kubernetes.io/a":"x"}},"spec":{"containers":[{"name":"a","ports":[{"containerPort":1},{"containerPort":1}]}]}}""";
        foreach (var part in path.Split('.').Reverse()) json = $$"""{"{{part}}":{{json}}}""";
        string Of(int generation) => $$$"""{"metadata":{"name":"a.b","generation":{{{generation}}}},{{{json[1..]}}}""";
        string[] expected =
        [
            path + ".metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: deprecated since v1.30; use the \"appArmorProfile\" field instead",
            path + ".spec.containers[0].ports[1]: duplicate port definition with " + path + ".spec.containers[0].ports[0]",
        ];
        const string name = "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
        Assert.Equal(kind == "PodTemplate" ? expected : [name, .. expected], Warnings(version, kind, Of(1)));
        Assert.Equal(expected, Warnings(version, kind, Of(2), Of(1)));
        Assert.Empty(Warnings(version, kind, Of(2), Of(2)));
    }

    [Theory]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None"],"externalIPs":["1.1.1.1"],"sessionAffinity":"ClientIP"}""", "spec.externalIPs is ignored for headless services|spec.SessionAffinity is ignored for headless services")]
    [InlineData("""{"type":"ExternalName","externalName":"a.b","externalIPs":["1.1.1.1"]}""", "spec.externalIPs is ignored when spec.type is \"ExternalName\"")]
    [InlineData("""{"externalName":"a.b"}""", "spec.externalName is ignored when spec.type is not \"ExternalName\"")]
    [InlineData("""{"trafficDistribution":"PreferClose"}""", "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"")]
    [InlineData("""{"externalIPs":["01.1.1.1","2001:DB8::1","::ffff:1.2.3.4"]}""", "spec.externalIPs[0]: non-standard IP address \"01.1.1.1\" will be considered invalid in a future Kubernetes release: use \"1.1.1.1\"|spec.externalIPs[1]: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")|spec.externalIPs[2]: non-standard IP address \"::ffff:1.2.3.4\" will be considered invalid in a future Kubernetes release: use \"1.2.3.4\"")]
    [InlineData("""{"type":"LoadBalancer","loadBalancerSourceRanges":["10.0.0.5/8"]}""", "spec.loadBalancerSourceRanges[0]: CIDR value \"10.0.0.5/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.0.0.5/32\"?)")]
    public void A_service_is_warned_of(string spec, string expected) => Assert.Equal(expected.Split('|'), Warnings("v1", "Service", $$$"""{"metadata":{"name":"s"},"spec":{{{spec}}} }"""));

    [Fact]
    public void Others_are_warned_of()
    {
        const string account = """{"metadata":{"name":"a","annotations":{"kubernetes.io/enforce-mountable-secrets":"true"}}}""";
        Assert.Equal(["metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets"], Warnings("v1", "ServiceAccount", account));
        Assert.Empty(Warnings("v1", "ServiceAccount", account, old: account));
        Assert.Equal(["spec.addressType: FQDN endpoints are deprecated"], Warnings("discovery.k8s.io/v1", "EndpointSlice", """{"addressType":"FQDN"}"""));
        Assert.Equal(["endpoints[0].addresses[0]: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")"],
            Warnings("discovery.k8s.io/v1", "EndpointSlice", """{"addressType":"IPv6","endpoints":[{"addresses":["2001:DB8::1"]}]}"""));
        Assert.Empty(Warnings("discovery.k8s.io/v1", "EndpointSlice", """{"metadata":{"labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io"}},"addressType":"IPv6","endpoints":[{"addresses":["2001:DB8::1"]}]}"""));
        Assert.Equal(["spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail"],
            Warnings("batch/v1", "Job", """{"metadata":{"name":"j"},"spec":{"completionMode":"Indexed","completions":100001,"parallelism":10001,"template":{}}}"""));
        Assert.Equal(["cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"],
            Warnings("batch/v1", "CronJob", """{"spec":{"schedule":"TZ=UTC * * * * *"}}""", """{"spec":{"schedule":"TZ=UTC * * * * *"}}"""));
    }
}
