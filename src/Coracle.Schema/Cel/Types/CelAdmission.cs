using D = Coracle.Schema.Cel.CelDeclaration;

namespace Coracle.Schema.Cel;

/// <summary>
/// The types of what admission gives to expressions: <c>request</c> and <c>namespaceObject</c> (apiserver's admission/plugin/cel). Their values are the
/// JSON of an AdmissionRequest and of a Namespace, read by <see cref="CelJson.Dynamic"/>.
/// </summary>
public static class CelAdmission
{
    private const long Unbounded = -1;
    private static readonly D Texts = D.List(D.String, Unbounded), TextByText = D.Map(D.String, D.String, Unbounded);

    public static D Request { get; } = MakeRequest();
    public static D Namespace { get; } = MakeNamespace();

    private static D Make(string name, params (string Name, D Type)[] fields) =>
        D.Object("kubernetes." + name, fields.ToDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal));

    private static D MakeRequest()
    {
        var kind = Make("GroupVersionKind", ("group", D.String), ("version", D.String), ("kind", D.String));
        var resource = Make("GroupVersionResource", ("group", D.String), ("version", D.String), ("resource", D.String));
        var user = Make("UserInfo", ("username", D.String), ("uid", D.String), ("groups", Texts), ("extra", D.Map(D.String, Texts, Unbounded)));
        return Make("AdmissionRequest", ("kind", kind), ("resource", resource), ("subResource", D.String), ("requestKind", kind), ("requestResource", resource),
            ("requestSubResource", D.String), ("name", D.String), ("namespace", D.String), ("operation", D.String), ("userInfo", user), ("dryRun", D.Bool), ("options", D.Dyn));
    }

    private static D MakeNamespace()
    {
        var spec = Make("NamespaceSpec", ("finalizers", Texts));
        var condition = Make("NamespaceCondition", ("status", D.String), ("type", D.String), ("lastTransitionTime", D.Timestamp), ("message", D.String), ("reason", D.String));
        var status = Make("NamespaceStatus", ("conditions", D.List(condition, Unbounded)), ("phase", D.String));
        var metadata = Make("NamespaceMetadata", ("name", D.String), ("generateName", D.String), ("namespace", D.String), ("labels", TextByText), ("annotations", TextByText),
            ("UID", D.String), ("creationTimestamp", D.Timestamp), ("deletionGracePeriodSeconds", D.Int), ("deletionTimestamp", D.Timestamp), ("generation", D.Int),
            ("resourceVersion", D.String), ("finalizers", Texts));
        return Make("Namespace", ("metadata", metadata), ("spec", spec), ("status", status));
    }
}
