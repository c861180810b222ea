using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Columns and cells that policies and their bindings share.</summary>
internal static class PolicyTable
{
    private const string Unset = "<unset>";

    internal static TableColumn ParamKind { get; } = CommonColumns.Text("ParamKind", "Kind of the objects that tune the policy.");

    internal static IReadOnlyList<TableColumn> BindingColumns { get; } =
    [
        CommonColumns.Name, CommonColumns.Text("PolicyName", "Policy that is bound."), CommonColumns.Text("ParamRef", "Objects that tune the policy."), CommonColumns.Age,
    ];

    internal static string Kind(ParamKind? kind) => kind is null ? Unset : $"{kind.ApiVersion}/{kind.Kind}";

    internal static IReadOnlyList<object?> BindingCells(ObjectMeta metadata, string policy, ParamRef? param, DateTimeOffset now) =>
        [metadata.Name, policy, Param(param), Cell.Age(metadata, now)];

    private static string Param(ParamRef? param) => param switch
    {
        { Name.Length: > 0 } => $"{(param.Namespace.Length > 0 ? param.Namespace : "*")}/{param.Name}",
        { Selector: { } selector } => GoForm(selector),
        _ => Unset,
    };

    // As Go prints the message.
    private static string GoForm(LabelSelector selector)
    {
        var labels = (selector.MatchLabels ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}: {l.Value},");
        var expressions = (selector.MatchExpressions ?? []).Select(e => $"LabelSelectorRequirement{{Key:{e.Key},Operator:{e.Operator},Values:[{string.Join(' ', e.Values ?? [])}],}},");
        return $"&LabelSelector{{MatchLabels:map[string]string{{{string.Concat(labels)}}},MatchExpressions:[]LabelSelectorRequirement{{{string.Concat(expressions)}}},}}";
    }
}
