using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Bench.Engine;

/// <summary>
/// A definition that says of its objects what the server says of deployments: the same fields and defaults, and the checks that upstream makes of a deployment
/// and its template, as patterns and rules.
/// </summary>
internal static class CustomDeployment
{
    public const string Group = "bench.coracle.dev";
    public const string Objects = $"/apis/{Group}/v1/namespaces/default/rollouts";

    private const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    private const string OneSource = "[has(self.configMap), has(self.emptyDir), has(self.secret), has(self.hostPath), has(self.persistentVolumeClaim), has(self.projected)].filter(one, one).size() == 1";
    private const string OneHandler = "[has(self.exec), has(self.httpGet), has(self.tcpSocket), has(self.grpc)].filter(one, one).size() == 1";

    public static byte[] Definition()
    {
        var kind = Coracle.Kinds.GeneratedKinds.All.First(k => k is { Group: "apps", Kind: "Deployment" });
        return Encoding.UTF8.GetBytes(Definitions.Of(Group, "rollouts", "Rollout", Structural.Of(kind, Add)).ToJsonString());
    }

    // Containers and what they hold are bounded, as rules of lists without bounds would be refused as too dear.
    private static void Add(string path, JsonObject schema)
    {
        var last = path[(path.LastIndexOf('.') + 1)..];
        if ((string?)schema["type"] == "array") schema["maxItems"] ??= last is "containers" or "initContainers" or "ephemeralContainers" ? 10 : 32;
        if ((string?)schema["type"] == "string" && schema["format"] is null && schema["enum"] is null) schema["maxLength"] ??= 253;
        if (last is "limits" or "requests" or "matchLabels") schema["maxProperties"] = 16;
        switch (path)
        {
            case "spec": Rules(schema,
                ("self.selector == oldSelf.selector", "field is immutable"),
                ("!has(self.progressDeadlineSeconds) || !has(self.minReadySeconds) || self.progressDeadlineSeconds > self.minReadySeconds", "must be greater than minReadySeconds"),
                ("!has(self.selector.matchLabels) || self.selector.matchLabels.all(key, key in self.template.metadata.labels && self.template.metadata.labels[key] == self.selector.matchLabels[key])",
                    "`selector` does not match template `labels`")); break;
            case "spec.replicas" or "spec.minReadySeconds" or "spec.revisionHistoryLimit" or "spec.progressDeadlineSeconds": schema["minimum"] = 0; break;
            case "spec.strategy": Rules(schema, ("self.type == 'Recreate' ? !has(self.rollingUpdate) : true", "may not be specified when strategy `type` is 'Recreate'")); break;
            case "spec.template.metadata.labels" or "spec.selector.matchLabels" or "spec.template.spec.nodeSelector": Rules(schema,
                (@"self.all(key, key.matches('^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$'))", "names are qualified names")); break;
            case "spec.template.spec": Rules(schema,
                ("!has(self.restartPolicy) || self.restartPolicy == 'Always'", "supported values: Always"),
                ("self.containers.all(one, !has(one.volumeMounts) || one.volumeMounts.all(mount, has(self.volumes) && self.volumes.exists(volume, volume.name == mount.name)))", "mounts name volumes")); break;
            case "spec.template.spec.containers": schema["minItems"] = 1; break;
            case "spec.template.spec.volumes[]": Rules(schema, (OneSource, "must specify one volume type")); break;
        }
        if (path.Contains("ontainers[].", StringComparison.Ordinal)) InContainer(path[(path.LastIndexOf("ontainers[].", StringComparison.Ordinal) + 12)..], schema);
        if (path is "spec.template.spec.containers[].name" or "spec.template.spec.volumes[].name") (schema["pattern"], schema["maxLength"]) = (Label, 63);
    }

    private static void InContainer(string path, JsonObject schema)
    {
        switch (path)
        {
            case "image": (schema["minLength"], schema["pattern"]) = (1, @"^[^\s]+$"); break;
            case "ports[].containerPort" or "ports[].hostPort": (schema["minimum"], schema["maximum"]) = (path.EndsWith("hostPort", StringComparison.Ordinal) ? 0 : 1, 65535); break;
            case "ports[].name": (schema["pattern"], schema["maxLength"]) = (Label, 15); break;
            case "env[].name": (schema["minLength"], schema["pattern"]) = (1, "^[-._a-zA-Z][-._a-zA-Z0-9]*$"); break;
            case "env[]": Rules(schema, ("!(has(self.value) && has(self.valueFrom))", "may not be specified when `value` is not empty")); break;
            case "resources": Rules(schema,
                ("!has(self.requests) || !has(self.limits) || self.requests.all(name, !(name in self.limits) || quantity(self.requests[name]).compareTo(quantity(self.limits[name])) <= 0)",
                    "must be less than or equal to its limit")); break;
            case "livenessProbe" or "readinessProbe" or "startupProbe": Rules(schema, (OneHandler, "must specify one handler type")); break;
            case "volumeMounts[].mountPath": (schema["minLength"], schema["pattern"]) = (1, "^[^:]*$"); break;
            default:
                if (path.EndsWith("Seconds", StringComparison.Ordinal) || path.EndsWith("Threshold", StringComparison.Ordinal)) schema["minimum"] = 0;
                break;
        }
    }

    private static void Rules(JsonObject schema, params (string Rule, string Message)[] rules) =>
        schema["x-kubernetes-validations"] = new JsonArray([.. rules.Select(rule => (JsonNode)new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message })]);

    /// <summary>An object of either kind, of some 3 KB.</summary>
    public static byte[] Object(string apiVersion, string kind, string name, int replicas = 3, long revision = 0) => Encoding.UTF8.GetBytes(
        $$$"""
        {"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}",{{{(revision == 0 ? "" : $"\"resourceVersion\":\"{revision}\",")}}}"labels":{"app":"shop","team":"checkout"} },"spec":{"replicas":{{{replicas}}},"selector":{"matchLabels":{"app":"shop","part":"front"} },
        "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":0} },"template":{"metadata":{"labels":{"app":"shop","part":"front","team":"checkout"},"annotations":{"prometheus.io/scrape":"true"} },
        "spec":{"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","schedulerName":"default-scheduler","securityContext":{"runAsNonRoot":true,"runAsUser":1000},"nodeSelector":{"kubernetes.io/os":"linux"},
        "containers":[{{{Container("web", 8080)}}},{{{Container("metrics", 9090)}}}],
        "volumes":[{"name":"settings","configMap":{"name":"shop","defaultMode":420} },{"name":"scratch","emptyDir":{} },{"name":"keys","secret":{"secretName":"shop","defaultMode":420} }]} } } }
        """);

    private static string Container(string name, int port) =>
        $$$"""
        {"name":"{{{name}}}","image":"registry.example.com/shop/{{{name}}}:1.4.2","imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
        "args":["--listen=:{{{port}}}","--level=info"],"ports":[{"name":"http","containerPort":{{{port}}},"protocol":"TCP"}],
        "env":[{"name":"MODE","value":"live"},{"name":"LEVEL","value":"info"},{"name":"REGION","value":"north"},{"name":"TOKEN","valueFrom":{"secretKeyRef":{"name":"shop","key":"token"} } }],
        "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"cpu":"500m","memory":"256Mi"} },
        "readinessProbe":{"httpGet":{"path":"/ready","port":"http","scheme":"HTTP"},"periodSeconds":10,"timeoutSeconds":1,"successThreshold":1,"failureThreshold":3},
        "livenessProbe":{"tcpSocket":{"port":{{{port}}} },"periodSeconds":10,"timeoutSeconds":1,"successThreshold":1,"failureThreshold":3},
        "securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true},
        "volumeMounts":[{"name":"settings","mountPath":"/etc/shop"},{"name":"scratch","mountPath":"/tmp"},{"name":"keys","mountPath":"/var/keys","readOnly":true}]}
        """;
}
