using System.Text.Json.Nodes;

namespace Coracle.ApiServer;

/// <summary>Claims and volumes begin with a finalizer that holds them for as long as they are used (upstream: StorageObjectInUseProtection).</summary>
public sealed class StorageObjectInUse : AdmissionPlugin
{
    public override string Name => "StorageObjectInUseProtection";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Operation == Operation.Create && context.Subresource.Length == 0)
        {
            if (context.Is("", "PersistentVolumeClaim")) Add(context, "kubernetes.io/pvc-protection");
            else if (context.Is("", "PersistentVolume")) Add(context, "kubernetes.io/pv-protection");
        }
        return default;
    }

    private static void Add(AdmissionContext context, string name)
    {
        var metadata = Meta.Of(context.Object!);
        if (metadata["finalizers"] is not JsonArray finalizers) metadata["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => (string?)f == name)) finalizers.Add((JsonNode)name);
    }
}
