using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// What claims and slices of devices need beyond their own fields (upstream: registry/resource): devices are administered from marked namespaces alone, and
/// taints carry the time when they were added.
/// </summary>
public sealed class DeviceAdmission : AdmissionPlugin
{
    private const string Group = "resource.k8s.io";
    private const string AdminLabel = "resource.kubernetes.io/admin-access";
    private const string NotMarked = $"admin access to devices requires the `{AdminLabel}: true` label on the containing namespace";

    public override string Name => "DeviceAdmission";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Is(Group, "ResourceSlice") && context.Object is { } slice) Date(slice, GoTime.Format(context.Server.Clock.GetUtcNow()));
        return ValueTask.FromResult<ApiStatus?>(null);
    }

    private static void Date(JsonObject slice, string now)
    {
        foreach (var device in Items(slice["spec"], "devices"))
            foreach (var taint in Items(device, "taints"))
                if (Meta.Text(taint, "timeAdded").Length == 0) taint["timeAdded"] = now;
    }

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        var errors = new FieldErrors();
        if (context.Operation == Operation.Create && context.Is(Group, "ResourceClaim")) Requests(context.Object!["spec"], FieldPath.Of("spec"), errors);
        else if (context.Operation == Operation.Create && context.Is(Group, "ResourceClaimTemplate")) Requests(context.Object!["spec"]?["spec"], FieldPath.Of("spec") / "spec", errors);
        else if (context.Subresource == "status" && context.Is(Group, "ResourceClaim")) Results(context, errors);
        var refused = errors.Count > 0 && !IsMarked(context) ? ApiStatus.Invalid(context.Kind, context.Name, errors.All) : null;
        return ValueTask.FromResult(refused);
    }

    private static void Requests(JsonNode? spec, FieldPath path, FieldErrors errors)
    {
        foreach (var (i, request) in Items(spec?["devices"], "requests").Index())
            if (IsTrue(request["exactly"]?["adminAccess"])) errors.Forbidden((path / "devices" / "requests")[i] / "adminAccess", NotMarked);
    }

    // What was given before is not taken back.
    private static void Results(AdmissionContext context, FieldErrors errors)
    {
        if (Items(Devices(context.Old), "results").Any(r => IsTrue(r["adminAccess"]))) return;
        foreach (var (i, result) in Items(Devices(context.Object), "results").Index())
            if (IsTrue(result["adminAccess"])) errors.Forbidden((FieldPath.Of("status") / "allocation" / "devices" / "results")[i] / "adminAccess", NotMarked);
    }

    private static JsonNode? Devices(JsonObject? claim) => claim?["status"]?["allocation"]?["devices"];

    private static bool IsMarked(AdmissionContext context) =>
        context.Server.Cache.Resource("namespaces").Get(context.Namespace)?.ToTree() is { } ns && Meta.Text(Meta.Of(ns)["labels"] as JsonObject ?? [], AdminLabel) == "true";

    private static bool IsTrue(JsonNode? value) => value is JsonValue flag && flag.TryGetValue(out bool set) && set;

    private static IEnumerable<JsonObject> Items(JsonNode? parent, string field) => ((parent as JsonObject)?[field] as JsonArray ?? []).OfType<JsonObject>();
}
