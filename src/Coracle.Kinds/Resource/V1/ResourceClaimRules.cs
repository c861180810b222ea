using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Claims of devices beyond their schema.</summary>
public sealed partial class ResourceClaimRules : KindRules<ResourceClaim>
{
    public override void Default(JsonObject obj) => ClaimSpecChecks.Default(obj.Child("spec"));

    /// <summary>What drivers said of devices goes with the devices (upstream: registry/resource/resourceclaim, dropDeallocatedStatusDevices).</summary>
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource != "status" || obj.Child("status")?["devices"] is not JsonArray devices) return;
        var kept = Allocated(obj).ToHashSet();
        var gone = Allocated(old).Where(device => !kept.Contains(device)).ToHashSet();
        for (var i = devices.Count - 1; i >= 0; i--)
            if (devices[i] is JsonObject device && gone.Contains(Id(device))) devices.RemoveAt(i);
    }

    private static IEnumerable<(string, string, string)> Allocated(JsonObject claim) => claim.Child("status").Child("allocation").Child("devices").Items("results").Select(Id);

    private static (string, string, string) Id(JsonObject device) => (device.Text("driver"), device.Text("pool"), device.Text("device"));

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("State", "Whether devices were given, and whether anybody uses them."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(ResourceClaim obj, DateTimeOffset now) => [obj.Metadata.Name, string.Join(',', States(obj)), Cell.Age(obj.Metadata, now)];

    private static IEnumerable<string> States(ResourceClaim claim)
    {
        var deleted = claim.Metadata.DeletionTimestamp is not null;
        if (deleted) yield return "deleted";
        if (claim.Status.Allocation is null)
        {
            if (!deleted) yield return "pending";
            yield break;
        }
        yield return "allocated";
        if (claim.Status.ReservedFor is { Count: > 0 }) yield return "reserved";
    }
}
