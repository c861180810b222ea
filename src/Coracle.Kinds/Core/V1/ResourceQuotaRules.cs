using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Quotas beyond their schema.</summary>
public sealed partial class ResourceQuotaRules : KindRules<ResourceQuota>
{
    public override void Default(JsonObject obj)
    {
        ResourceRounding.List(obj.Child("spec").Child("hard"));
        ResourceRounding.List(obj.Child("status").Child("hard"));
        ResourceRounding.List(obj.Child("status").Child("used"));
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Request", "What is used, of what may be: all but limits."),
        CommonColumns.Text("Limit", "What is used, of what may be: limits."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(ResourceQuota obj, DateTimeOffset now)
    {
        var (requests, limits) = (new List<string>(), new List<string>());
        foreach (var (name, hard) in (obj.Status.Hard ?? []).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            var used = obj.Status.Used?.TryGetValue(name, out var amount) == true ? amount.ToString() : "0";
            (name.StartsWith("limits", StringComparison.Ordinal) ? limits : requests).Add($"{name}: {used}/{hard}");
        }
        return [obj.Metadata.Name, string.Join(", ", requests), string.Join(", ", limits), Cell.Age(obj.Metadata, now)];
    }
}
