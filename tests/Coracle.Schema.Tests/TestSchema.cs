using System.Text.Json.Nodes;

namespace Coracle.Schema.Tests;

/// <summary>A schema in the shape of a Deployment and its Pods, with every way in which fields merge.</summary>
internal static class TestSchema
{
    public static SchemaNode Text { get; } = new() { Type = SchemaType.String };
    public static SchemaNode Integer { get; } = new() { Type = SchemaType.Integer, Format = "int32" };
    public static SchemaNode Boolean { get; } = new() { Type = SchemaType.Boolean };
    public static SchemaNode Any { get; } = new() { Type = SchemaType.Any };
    public static SchemaNode Quantity { get; } = new() { Type = SchemaType.Quantity };
    public static SchemaNode IntOrString { get; } = new() { Type = SchemaType.IntOrString };
    public static SchemaNode Labels { get; } = new() { Type = SchemaType.Map, ItemsSource = () => Text };
    public static SchemaNode AtomicLabels { get; } = new() { Type = SchemaType.Map, ItemsSource = () => Text, Atomic = true };

    public static SchemaNode Object(string name, params SchemaProperty[] properties) => new() { Type = SchemaType.Object, Definition = "io.example.v1." + name, Properties = properties };

    public static SchemaNode List(SchemaNode items, string? type = null, params string[] keys) =>
        new() { Type = SchemaType.Array, ItemsSource = () => items, ListType = type, ListKeys = keys };

    public static SchemaProperty Field(string name, SchemaNode node, string? strategy = null, string? mergeKey = null, string? defaultJson = null) =>
        new(name, () => node) { PatchStrategy = strategy, PatchMergeKey = mergeKey, Default = defaultJson };

    private static SchemaNode Port { get; } = Object("ContainerPort",
        Field("name", Text), Field("containerPort", Integer), Field("protocol", Text, defaultJson: "\"TCP\""), Field("hostPort", Integer));

    private static SchemaNode EnvVar { get; } = Object("EnvVar", Field("name", Text), Field("value", Text));

    public static SchemaNode Container { get; } = Object("Container",
        Field("name", Text), Field("image", Text), Field("command", List(Text, "atomic")), Field("args", List(Text)),
        Field("ports", List(Port, "map", "containerPort", "protocol"), "merge", "containerPort"),
        Field("env", List(EnvVar, "map", "name"), "merge", "name"),
        Field("limits", new SchemaNode { Type = SchemaType.Map, ItemsSource = () => Quantity }),
        Field("stdin", Boolean));

    private static SchemaNode Volume { get; } = Object("Volume", Field("name", Text), Field("emptyDir", Object("EmptyDir", Field("medium", Text))), Field("path", Text));

    public static SchemaNode PodSpec { get; } = Object("PodSpec",
        Field("containers", List(Container, "map", "name"), "merge", "name"),
        Field("volumes", List(Volume, "map", "name"), "merge,retainKeys", "name"),
        Field("nodeSelector", AtomicLabels),
        Field("hostNetwork", Boolean),
        Field("tolerations", List(Object("Toleration", Field("key", Text), Field("value", Text)), "atomic")));

    public static SchemaNode Metadata { get; } = Object("ObjectMeta",
        Field("name", Text), Field("namespace", Text), Field("labels", Labels), Field("annotations", Labels), Field("finalizers", List(Text, "set"), "merge"),
        Field("managedFields", List(Any, "atomic")), Field("resourceVersion", Text), Field("uid", Text), Field("creationTimestamp", Text), Field("generation", Integer));

    public static SchemaNode Root { get; } = Object("Deployment",
        Field("apiVersion", Text), Field("kind", Text), Field("metadata", Metadata),
        Field("spec", Object("DeploymentSpec",
            Field("replicas", Integer),
            Field("paused", Boolean),
            Field("selector", AtomicSelector()),
            Field("strategy", Object("Strategy", Field("type", Text), Field("rollingUpdate", Object("RollingUpdate", Field("maxSurge", IntOrString)))), "retainKeys"),
            Field("raw", Any, "replace"),
            Field("free", new SchemaNode { Type = SchemaType.Object, PreserveUnknown = true }),
            Field("template", Object("PodTemplate", Field("metadata", Metadata), Field("spec", PodSpec))))),
        Field("status", Object("Status", Field("ready", Integer), Field("conditions", List(Object("Condition", Field("type", Text), Field("status", Text)), "map", "type"), "merge", "type"))));

    private static SchemaNode AtomicSelector() => new()
    {
        Type = SchemaType.Object,
        Definition = "io.example.v1.LabelSelector",
        Atomic = true,
        Properties = [Field("matchLabels", Labels)],
    };

    public static JsonObject Json(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(expected, actual)) Assert.Equal(expected?.ToJsonString(), actual?.ToJsonString());
    }
}
