using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Tests.Definitions;

/// <summary>Pieces of structural schemas that operators use again and again, each made anew.</summary>
internal static class Shape
{
    public static JsonObject Text(int? max = null, string? pattern = null, int? min = null, string? given = null, params string[] oneOf)
    {
        var schema = Of("string");
        if (max is not null) schema["maxLength"] = max;
        if (min is not null) schema["minLength"] = min;
        if (pattern is not null) schema["pattern"] = pattern;
        if (given is not null) schema["default"] = given;
        if (oneOf.Length > 0) schema["enum"] = new JsonArray([.. oneOf.Select(o => (JsonNode)o)]);
        return schema;
    }

    public static JsonObject Time => new() { ["type"] = "string", ["format"] = "date-time" };
    public static JsonObject Flag => Of("boolean");

    public static JsonObject Number(int? min = null, int? max = null, int? given = null, string format = "int32")
    {
        var schema = Of("integer");
        schema["format"] = format;
        if (min is not null) schema["minimum"] = min;
        if (max is not null) schema["maximum"] = max;
        if (given is not null) schema["default"] = given;
        return schema;
    }

    public static JsonObject Quantity => new()
    {
        ["anyOf"] = new JsonArray(Of("integer"), Of("string")), ["x-kubernetes-int-or-string"] = true,
        ["pattern"] = "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
    };

    public static JsonObject Port => new() { ["anyOf"] = new JsonArray(Of("integer"), Of("string")), ["x-kubernetes-int-or-string"] = true };
    public static JsonObject Duration => Text(pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$");
    public static JsonObject Anything => new() { ["x-kubernetes-preserve-unknown-fields"] = true };
    public static JsonObject AnyObject => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
    public static JsonObject Texts(int? most = null, int? length = null) => List(Text(length), most);
    public static JsonObject Map(JsonObject of, int? most = null) => With(new() { ["type"] = "object", ["additionalProperties"] = of }, "maxProperties", most);

    public static JsonObject List(JsonObject items, int? most = null, int? least = null, string? kind = null, params string[] keys)
    {
        var schema = With(With(new() { ["type"] = "array", ["items"] = items }, "maxItems", most), "minItems", least);
        if (kind is not null) schema["x-kubernetes-list-type"] = kind;
        if (keys.Length > 0) schema["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(k => (JsonNode)k)]);
        return schema;
    }

    /// <summary>An object of these fields; a name that ends with "!" is required.</summary>
    public static JsonObject Fields(params (string Name, JsonObject Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
        {
            schema["description"] ??= $"What {name.TrimEnd('!')} is to be, in words that fill a line or two as those of operators do.";
            properties[name.TrimEnd('!')] = schema;
        }
        var made = new JsonObject { ["type"] = "object", ["properties"] = properties };
        var required = fields.Where(f => f.Name.EndsWith('!')).Select(f => (JsonNode)f.Name.TrimEnd('!')).ToArray();
        if (required.Length > 0) made["required"] = new JsonArray(required);
        return made;
    }

    /// <summary>The same with rules, each an expression and what is said when it does not hold.</summary>
    public static JsonObject Ruled(this JsonObject schema, params (string Rule, string Message)[] rules)
    {
        schema["x-kubernetes-validations"] = new JsonArray([.. rules.Select(r => (JsonNode)new JsonObject { ["rule"] = r.Rule, ["message"] = r.Message })]);
        return schema;
    }

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject With(JsonObject schema, string field, int? value)
    {
        if (value is not null) schema[field] = value;
        return schema;
    }

    // ---- what pods are made of, as operators repeat it

    public static JsonObject Selector => Fields(
        ("matchLabels", Map(Text())),
        ("matchExpressions", List(Fields(("key!", Text()), ("operator!", Text()), ("values", List(Text(), kind: "atomic"))), kind: "atomic")));

    public static JsonObject KeyOf(string what) => Fields(("name", Text(given: "")), ("key!", Text()), ("optional", Flag), (what, Text()));

    public static JsonObject Conditions => List(Fields(
        ("type!", Text(316, "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")),
        ("status!", Text(oneOf: ["True", "False", "Unknown"])), ("reason!", Text(1024, "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", 1)), ("message!", Text(32768)),
        ("lastTransitionTime!", Time), ("observedGeneration", Number(0, format: "int64"))), 8, null, "map", "type");

    public static JsonObject Resources => Fields(("limits", Map(Quantity)), ("requests", Map(Quantity)), ("claims", List(Fields(("name!", Text()), ("request", Text())), null, null, "map", "name")));

    private static JsonObject Terms => List(Fields(("key!", Text()), ("operator!", Text()), ("values", List(Text(), kind: "atomic"))), kind: "atomic");

    private static JsonObject NodeTerm => Fields(("matchExpressions", Terms), ("matchFields", Terms));

    private static JsonObject PodTerm => Fields(("labelSelector", Selector), ("namespaceSelector", Selector), ("namespaces", Texts()), ("topologyKey!", Text()), ("matchLabelKeys", Texts()), ("mismatchLabelKeys", Texts()));

    private static JsonObject Near => Fields(
        ("requiredDuringSchedulingIgnoredDuringExecution", List(PodTerm, kind: "atomic")),
        ("preferredDuringSchedulingIgnoredDuringExecution", List(Fields(("weight!", Number(1, 100)), ("podAffinityTerm!", PodTerm)), kind: "atomic")));

    public static JsonObject Affinity => Fields(
        ("nodeAffinity", Fields(
            ("requiredDuringSchedulingIgnoredDuringExecution", Fields(("nodeSelectorTerms!", List(NodeTerm, kind: "atomic")))),
            ("preferredDuringSchedulingIgnoredDuringExecution", List(Fields(("weight!", Number()), ("preference!", NodeTerm)), kind: "atomic")))),
        ("podAffinity", Near), ("podAntiAffinity", Near));

    private static JsonObject Handler => Fields(
        ("exec", Fields(("command", Texts()))), ("httpGet", Fields(("path", Text()), ("port!", Port), ("host", Text()), ("scheme", Text()), ("httpHeaders", List(Fields(("name!", Text()), ("value!", Text())))))),
        ("tcpSocket", Fields(("port!", Port), ("host", Text()))), ("grpc", Fields(("port!", Number()), ("service", Text(given: "")))), ("sleep", Fields(("seconds!", Number(format: "int64")))));

    private static JsonObject Probe
    {
        get
        {
            var probe = Handler;
            foreach (var name in (string[])["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"]) probe["properties"]![name] = Number();
            return probe;
        }
    }

    private static JsonObject Security => Fields(
        ("runAsUser", Number(format: "int64")), ("runAsGroup", Number(format: "int64")), ("runAsNonRoot", Flag), ("privileged", Flag), ("readOnlyRootFilesystem", Flag), ("allowPrivilegeEscalation", Flag),
        ("capabilities", Fields(("add", Texts()), ("drop", Texts()))), ("seccompProfile", Fields(("type!", Text()), ("localhostProfile", Text()))), ("procMount", Text()),
        ("seLinuxOptions", Fields(("level", Text()), ("role", Text()), ("type", Text()), ("user", Text()))));

    public static JsonObject Container => Fields(
        ("name!", Text()), ("image", Text()), ("command", Texts()), ("args", Texts()), ("workingDir", Text()), ("imagePullPolicy", Text()), ("stdin", Flag), ("tty", Flag), ("restartPolicy", Text()),
        ("env", List(Fields(("name!", Text()), ("value", Text()), ("valueFrom", Fields(("configMapKeyRef", KeyOf("a")), ("secretKeyRef", KeyOf("a")), ("fieldRef", Fields(("fieldPath!", Text()), ("apiVersion", Text()))),
            ("resourceFieldRef", Fields(("resource!", Text()), ("containerName", Text()), ("divisor", Quantity)))))), null, null, "map", "name")),
        ("envFrom", List(Fields(("prefix", Text()), ("configMapRef", Fields(("name", Text()), ("optional", Flag))), ("secretRef", Fields(("name", Text()), ("optional", Flag)))))),
        ("ports", List(Fields(("containerPort!", Number()), ("protocol", Text(given: "TCP")), ("name", Text()), ("hostPort", Number()), ("hostIP", Text())), null, null, "map", "containerPort", "protocol")),
        ("resources", Resources), ("securityContext", Security), ("livenessProbe", Probe), ("readinessProbe", Probe), ("startupProbe", Probe),
        ("lifecycle", Fields(("postStart", Handler), ("preStop", Handler))),
        ("volumeMounts", List(Fields(("name!", Text()), ("mountPath!", Text()), ("subPath", Text()), ("readOnly", Flag), ("mountPropagation", Text())), null, null, "map", "mountPath")));

    public static JsonObject Volume => Fields(
        ("name!", Text()), ("emptyDir", Fields(("medium", Text()), ("sizeLimit", Quantity))), ("hostPath", Fields(("path!", Text()), ("type", Text()))),
        ("configMap", Fields(("name", Text()), ("optional", Flag), ("defaultMode", Number()), ("items", List(Fields(("key!", Text()), ("path!", Text()), ("mode", Number())))))),
        ("secret", Fields(("secretName", Text()), ("optional", Flag), ("defaultMode", Number()), ("items", List(Fields(("key!", Text()), ("path!", Text()), ("mode", Number())))))),
        ("persistentVolumeClaim", Fields(("claimName!", Text()), ("readOnly", Flag))), ("csi", Fields(("driver!", Text()), ("volumeAttributes", Map(Text())), ("readOnly", Flag))),
        ("projected", Fields(("defaultMode", Number()), ("sources", List(Fields(
            ("configMap", Fields(("name", Text()), ("items", List(Fields(("key!", Text()), ("path!", Text())))))), ("secret", Fields(("name", Text()), ("items", List(Fields(("key!", Text()), ("path!", Text())))))),
            ("serviceAccountToken", Fields(("path!", Text()), ("audience", Text()), ("expirationSeconds", Number(format: "int64"))))))))),
        ("ephemeral", Fields(("volumeClaimTemplate", Fields(("metadata", AnyObject), ("spec!", Fields(("accessModes", Texts()), ("storageClassName", Text()), ("resources", Resources), ("selector", Selector))))))));

    /// <summary>The specification of a pod, of about a thousand lines.</summary>
    public static JsonObject Pod => Fields(
        ("containers!", List(Container, null, null, "map", "name")), ("initContainers", List(Container, null, null, "map", "name")), ("volumes", List(Volume, null, null, "map", "name")), ("affinity", Affinity),
        ("tolerations", List(Fields(("key", Text()), ("operator", Text()), ("value", Text()), ("effect", Text()), ("tolerationSeconds", Number(format: "int64"))))), ("nodeSelector", Map(Text())),
        ("topologySpreadConstraints", List(Fields(("maxSkew!", Number()), ("topologyKey!", Text()), ("whenUnsatisfiable!", Text()), ("labelSelector", Selector)), null, null, "map", "topologyKey", "whenUnsatisfiable")),
        ("serviceAccountName", Text()), ("priorityClassName", Text()), ("terminationGracePeriodSeconds", Number(format: "int64")), ("securityContext", Security), ("hostAliases", List(Fields(("ip!", Text()), ("hostnames", Texts())))));
}
