using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Claims that name no storage class get the cluster's default one (upstream: DefaultStorageClass).</summary>
public sealed class DefaultStorageClass : AdmissionPlugin
{
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    public override string Name => "DefaultStorageClass";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Operation == Operation.Create && context.Subresource.Length == 0 && context.Is("", "PersistentVolumeClaim")) Set(context);
        return default;
    }

    private static void Set(AdmissionContext context)
    {
        var claim = context.Object!;
        if (claim["spec"] is not JsonObject spec || spec["storageClassName"] is not null || Meta.Of(claim)["annotations"] is JsonObject annotations && annotations.ContainsKey(ClassAnnotation)) return;
        var found = DefaultClass.Of(context.Server.Cache.Resource("storageclasses.storage.k8s.io"), "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");
        if (found is not null) spec["storageClassName"] = found.Name;
    }
}

/// <summary>Ingresses that name no class get the cluster's default one (upstream: DefaultIngressClass).</summary>
public sealed class DefaultIngressClass : AdmissionPlugin
{
    public override string Name => "DefaultIngressClass";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Operation == Operation.Create && context.Subresource.Length == 0 && context.Is("networking.k8s.io", "Ingress")) Set(context);
        return default;
    }

    private static void Set(AdmissionContext context)
    {
        var ingress = context.Object!;
        if (ingress["spec"] is not JsonObject spec) ingress["spec"] = spec = [];
        if (spec["ingressClassName"] is not null || Meta.Of(ingress)["annotations"] is JsonObject annotations && annotations.ContainsKey("kubernetes.io/ingress.class")) return;
        if (DefaultClass.Of(context.Server.Cache.Resource("ingressclasses.networking.k8s.io"), "ingressclass.kubernetes.io/is-default-class") is { } found) spec["ingressClassName"] = found.Name;
    }
}

/// <summary>Which of several classes is the default: the newest that says so, the first by name of those made in the same second.</summary>
internal static class DefaultClass
{
    public static StoredObject? Of(ResourceCache cache, params string[] annotations)
    {
        StoredObject? best = null;
        foreach (var stored in cache.Last.After.From(""))
            if (IsDefault(stored, annotations) && (best is null || string.CompareOrdinal(Created(stored), Created(best)) > 0)) best = stored;
        return best;
    }

    private static string Created(StoredObject stored) => stored.Field("metadata.creationTimestamp");

    private static bool IsDefault(StoredObject stored, string[] annotations)
    {
        var own = Meta.Of(stored.ToTree())["annotations"] as JsonObject ?? [];
        return annotations.Any(a => Meta.Text(own, a) == "true");
    }
}

/// <summary>Only claims that are bound and whose class allows it grow (upstream: PersistentVolumeClaimResize).</summary>
public sealed class ClaimResize : AdmissionPlugin
{
    public override string Name => "PersistentVolumeClaimResize";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context) =>
        context.Operation == Operation.Update && context.Subresource.Length == 0 && context.Is("", "PersistentVolumeClaim") ? new(Check(context)) : default;

    private static ApiStatus? Check(AdmissionContext context)
    {
        if (Size(context.Object!) is not { } size || size <= (Size(context.Old!) ?? Quantity.Zero)) return null;
        if (Meta.Text(context.Old!["status"] as JsonObject ?? [], "phase") != "Bound") return context.Forbidden("Only bound persistent volume claims can be expanded");
        var (name, before) = (ClassOf(context.Object!), ClassOf(context.Old!));
        var allowed = name.Length > 0 && name == before && context.Server.Cache.Resource("storageclasses.storage.k8s.io").Get(name)?.Field("allowVolumeExpansion") == "true";
        return allowed ? null : context.Forbidden("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static Quantity? Size(JsonObject claim) =>
        ResourceAmounts.Of(((claim["spec"] as JsonObject)?["resources"] as JsonObject)?["requests"]).TryGetValue("storage", out var size) ? size : null;

    private static string ClassOf(JsonObject claim) =>
        Meta.Text(Meta.Of(claim)["annotations"] as JsonObject ?? [], "volume.beta.kubernetes.io/storage-class") is { Length: > 0 } old ? old : Meta.Text(claim["spec"] as JsonObject ?? [], "storageClassName");
}
