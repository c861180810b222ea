using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Core.V1;

/// <summary>Of the secrets that an account lists only the names are kept (upstream: registry/core/serviceaccount, cleanSecretReferences).</summary>
public sealed partial class ServiceAccountRules
{
    private const string EnforceMountable = "kubernetes.io/enforce-mountable-secrets";

    public override void PrepareForCreate(JsonObject obj) => KeepNames(obj);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource) => KeepNames(obj);

    public override void Warn(ServiceAccount obj, ServiceAccount? old, List<string> warnings)
    {
        if (obj.Metadata.Annotations?.ContainsKey(EnforceMountable) == true && old?.Metadata.Annotations?.ContainsKey(EnforceMountable) != true)
            warnings.Add($"metadata.annotations[{EnforceMountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
    }

    private static void KeepNames(JsonObject obj)
    {
        foreach (var secret in obj.Items("secrets"))
            foreach (var field in secret.Select(p => p.Key).Where(k => k != "name").ToList()) secret.Remove(field);
    }
}
