namespace Coracle.ApiServer.OpenApi;

/// <summary>The media types that operations are published with. Those of upstream, whether or not each is served yet.</summary>
internal static class MediaTypes
{
    public static IReadOnlyList<string> Any { get; } = ["*/*"];
    public static IReadOnlyList<string> Json { get; } = ["application/json"];
    public static IReadOnlyList<string> Discovery { get; } = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
    public static IReadOnlyList<string> Objects { get; } = [.. Discovery, "application/cbor"];
    public static IReadOnlyList<string> Streams { get; } = [.. Objects, "application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch", "application/cbor-seq"];
    public static IReadOnlyList<string> Log { get; } = ["text/plain", .. Objects];
    public static IReadOnlyList<string> CustomObjects { get; } = ["application/json", "application/yaml"];
    public static IReadOnlyList<string> CustomPatches { get; } = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
    public static IReadOnlyList<string> Patches { get; } =
        ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml", "application/apply-patch+cbor"];
}
