using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>Every pod runs as a service account, and gets its token, the cluster's CA and its namespace mounted (upstream: ServiceAccount).</summary>
public sealed class ServiceAccountAdmission : AdmissionPlugin
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const string VolumePrefix = "kube-api-access-";
    private const string DefaultName = "default";
    private const int default_attempts = 10;

    public override string Name => "ServiceAccount";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (!context.Is("", "Pod") || context.Operation != Operation.Create || context.Subresource.Length > 0) return ValueTask.FromResult<ApiStatus?>(null);
        var meta = Meta.Of(context.Object!);
        if (meta["annotations"] is JsonObject annotations && annotations.ContainsKey(MirrorAnnotation)) return ValueTask.FromResult<ApiStatus?>(null);
        return MountAsync(context);
    }

    private static async ValueTask<ApiStatus?> MountAsync(AdmissionContext context)
    {
        if (context.Object!["spec"] is not JsonObject spec) return null;
        var name = Meta.Text(spec, "serviceAccountName");
        if (name.Length == 0) spec["serviceAccountName"] = name = DefaultName;
        spec["serviceAccount"] = name;
        if (await FindAsync(context, name) is not { } stored)
            return context.Forbidden($"error looking up service account {context.Namespace}/{name}: serviceaccount \"{name}\" not found");
        var account = stored.Typed<ServiceAccount>();
        if (Automounts(account, spec)) AddToken(context, spec);
        if (spec["imagePullSecrets"] is not JsonArray { Count: > 0 } && account.ImagePullSecrets is { Count: > 0 } secrets)
            spec["imagePullSecrets"] = new JsonArray([.. secrets.Select(s => (JsonNode)new JsonObject { ["name"] = s.Name })]);
        return null;
    }

    /// <summary>The account, which for "default" may come a moment after its namespace: the controller that makes it has just heard of it.</summary>
    private static async ValueTask<StoredObject?> FindAsync(AdmissionContext context, string name)
    {
        var accounts = context.Server.Resources.Find("", "v1", "serviceaccounts")!.Cache;
        var key = $"{context.Namespace}/{name}";
        var found = accounts.Get(key);
        if (found is not null || name != DefaultName) return found;
        var pause = TimeSpan.FromMilliseconds(100 + context.Server.Random(100));
        for (var attempt = 1; found is null && attempt < default_attempts; attempt++)
        {
            await Task.Delay(pause, context.Server.Clock, context.Request.Cancel);
            found = accounts.Get(key);
        }
        return found;
    }

    private static bool Automounts(ServiceAccount account, JsonObject spec) =>
        spec["automountServiceAccountToken"] is JsonValue own ? own.GetValueKind() == JsonValueKind.True : account.AutomountServiceAccountToken ?? true;

    private static void AddToken(AdmissionContext context, JsonObject spec)
    {
        var volumes = spec["volumes"] as JsonArray ?? [];
        var existing = volumes.OfType<JsonObject>().Select(v => Meta.Text(v, "name")).FirstOrDefault(n => n.StartsWith(VolumePrefix, StringComparison.Ordinal));
        var volume = existing ?? VolumePrefix + Suffix(context.Server);
        var used = false;
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
            foreach (var container in (spec[list] as JsonArray ?? []).OfType<JsonObject>())
                used |= AddMount(container, volume);
        if (!used || existing is not null) return;
        volumes.Add((JsonNode)TokenVolume(volume));
        spec["volumes"] ??= volumes;
    }

    private static string Suffix(Server server)
    {
        const string alphabet = "bcdfghjklmnpqrstvwxz2456789";
        return string.Create(5, server, static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = alphabet[s.Random(alphabet.Length)];
        });
    }

    private static bool AddMount(JsonObject container, string volume)
    {
        var mounts = container["volumeMounts"] as JsonArray ?? [];
        if (mounts.OfType<JsonObject>().Any(m => Meta.Text(m, "mountPath") == MountPath)) return false;
        mounts.Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
        container["volumeMounts"] ??= mounts;
        return true;
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["defaultMode"] = 420L,
            ["sources"] = new JsonArray(
                // An hour and seven seconds: upstream's mark of a token that was mounted by admission.
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607L, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }) },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
        },
    };
}
