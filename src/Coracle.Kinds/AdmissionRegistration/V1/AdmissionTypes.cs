using Coracle.Schema.Cel;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>The types of the variables "request" and "namespaceObject" (upstream: apiserver, admission/plugin/cel/compile.go).</summary>
internal static class AdmissionTypes
{
    private static readonly CelDeclaration Texts = CelDeclaration.List(CelDeclaration.String, CelDeclaration.MaxRequestBytes);
    private static readonly CelDeclaration TextMap = CelDeclaration.Map(CelDeclaration.String, CelDeclaration.String, CelDeclaration.MaxRequestBytes);

    private static CelDeclaration Of(string name, params ReadOnlySpan<(string Name, CelDeclaration Type)> fields)
    {
        var all = new Dictionary<string, CelDeclaration>(StringComparer.Ordinal);
        foreach (var (field, type) in fields) all[field] = type;
        return CelDeclaration.Object("kubernetes." + name, all);
    }

    private static readonly CelDeclaration Kind = Of("GroupVersionKind", ("group", CelDeclaration.String), ("version", CelDeclaration.String), ("kind", CelDeclaration.String));
    private static readonly CelDeclaration Resource =
        Of("GroupVersionResource", ("group", CelDeclaration.String), ("version", CelDeclaration.String), ("resource", CelDeclaration.String));

    private static readonly CelDeclaration User = Of("UserInfo", ("username", CelDeclaration.String), ("uid", CelDeclaration.String), ("groups", Texts),
        ("extra", CelDeclaration.Map(CelDeclaration.String, Texts, CelDeclaration.MaxRequestBytes)));

    internal static CelDeclaration Request { get; } = Of("AdmissionRequest", ("kind", Kind), ("resource", Resource), ("subResource", CelDeclaration.String), ("requestKind", Kind),
        ("requestResource", Resource), ("requestSubResource", CelDeclaration.String), ("name", CelDeclaration.String), ("namespace", CelDeclaration.String),
        ("operation", CelDeclaration.String), ("userInfo", User), ("dryRun", CelDeclaration.Bool), ("options", CelDeclaration.Dyn));

    internal static CelDeclaration Namespace { get; } = Of("Namespace",
        ("metadata", Of("NamespaceMetadata", ("name", CelDeclaration.String), ("generateName", CelDeclaration.String), ("namespace", CelDeclaration.String), ("labels", TextMap),
            ("annotations", TextMap), ("UID", CelDeclaration.String), ("creationTimestamp", CelDeclaration.Timestamp), ("deletionGracePeriodSeconds", CelDeclaration.Int),
            ("deletionTimestamp", CelDeclaration.Timestamp), ("generation", CelDeclaration.Int), ("resourceVersion", CelDeclaration.String), ("finalizers", Texts))),
        ("spec", Of("NamespaceSpec", ("finalizers", Texts))),
        ("status", Of("NamespaceStatus", ("phase", CelDeclaration.String),
            ("conditions", CelDeclaration.List(Of("NamespaceCondition", ("status", CelDeclaration.String), ("type", CelDeclaration.String), ("lastTransitionTime", CelDeclaration.Timestamp),
                ("message", CelDeclaration.String), ("reason", CelDeclaration.String)), CelDeclaration.MaxRequestBytes)))));
}
