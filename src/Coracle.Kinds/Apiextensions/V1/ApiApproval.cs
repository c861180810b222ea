using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Groups of the Kubernetes project itself, whose definitions say who approved them (apiextensions-apiserver, pkg/apihelpers).</summary>
public static class ApiApproval
{
    public const string Annotation = "api-approved.kubernetes.io";

    public enum State { Invalid, Approved, Bypassed, Missing }

    public static bool IsProtected(string group) => group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);

    public static (State State, string Reason) Of(IReadOnlyDictionary<string, string>? annotations)
    {
        const string see = ", see https://github.com/kubernetes/enhancements/pull/1111";
        var text = annotations?.GetValueOrDefault(Annotation) ?? "";
        if (text.Length == 0) return (State.Missing, $"protected groups must have approval annotation \"{Annotation}\"{see}");
        if (text.StartsWith("unapproved", StringComparison.Ordinal)) return (State.Bypassed, $"not approved: {GoText.Quote(text)}");
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0) return (State.Approved, $"approved in {text}");
        return (State.Invalid, $"protected groups must have approval annotation \"{Annotation}\" with either a URL or a reason starting with \"unapproved\"{see}");
    }
}
