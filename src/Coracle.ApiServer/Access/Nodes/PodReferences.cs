using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>The objects that a pod needs on its node, by its JSON: upstream's podutil.VisitPodSecretNames and VisitPodConfigmapNames.</summary>
internal static class PodReferences
{
    public static IEnumerable<string> Secrets(JsonElement pod)
    {
        var inPullSecrets = pod.Items("spec", "imagePullSecrets").Select(reference => reference.Text("name"));
        var inContainers = Containers(pod).SelectMany(container => FromEnvironment(container, "secretRef", "secretKeyRef"));
        var inVolumes = pod.Items("spec", "volumes").SelectMany(volume => volume.Fields()).SelectMany(SecretsOfSource);
        return inPullSecrets.Concat(inContainers).Concat(inVolumes).Where(name => name.Length > 0).Distinct();
    }

    public static IEnumerable<string> ConfigMaps(JsonElement pod)
    {
        var inContainers = Containers(pod).SelectMany(container => FromEnvironment(container, "configMapRef", "configMapKeyRef"));
        var volumes = pod.Items("spec", "volumes").ToList();
        var inVolumes = volumes.Select(volume => volume.Text("configMap", "name"));
        var inProjections = volumes.SelectMany(volume => volume.Items("projected", "sources")).Select(source => source.Text("configMap", "name"));
        return inContainers.Concat(inVolumes).Concat(inProjections).Where(name => name.Length > 0).Distinct();
    }

    /// <summary>The claims of a pod's volumes: those that it names, and those that are made for its ephemeral volumes.</summary>
    public static IEnumerable<string> Claims(JsonElement pod)
    {
        foreach (var volume in pod.Items("spec", "volumes"))
            if (ClaimOf(pod, volume) is { Length: > 0 } claim)
                yield return claim;
    }

    public static string ClaimOf(JsonElement pod, JsonElement volume) => volume.At("ephemeral") is not null
        ? $"{pod.Text("metadata", "name")}-{volume.Text("name")}"
        : volume.Text("persistentVolumeClaim", "claimName");

    /// <summary>The device claims that exist for a pod: those that it names, and those made from templates once the status says their names.</summary>
    public static IEnumerable<string> ResourceClaims(JsonElement pod)
    {
        var named = pod.Items("spec", "resourceClaims").Select(claim => claim.Text("resourceClaimName"));
        var made = pod.Items("status", "resourceClaimStatuses").Select(status => status.Text("resourceClaimName"));
        return named.Concat(made).Append(pod.Text("status", "extendedResourceClaimStatus", "resourceClaimName")).Where(name => name.Length > 0).Distinct();
    }

    private static IEnumerable<JsonElement> Containers(JsonElement pod) =>
        pod.Items("spec", "initContainers").Concat(pod.Items("spec", "containers")).Concat(pod.Items("spec", "ephemeralContainers"));

    private static IEnumerable<string> FromEnvironment(JsonElement container, string fromField, string keyField) =>
        container.Items("envFrom").Select(source => source.Text(fromField, "name"))
            .Concat(container.Items("env").Select(variable => variable.Text("valueFrom", keyField, "name")));

    private static IEnumerable<string> SecretsOfSource(JsonProperty source) => source.Name switch
    {
        "secret" or "azureFile" => [source.Value.Text("secretName")],
        "projected" => source.Value.Items("sources").Select(projection => projection.Text("secret", "name")),
        "csi" => [source.Value.Text("nodePublishSecretRef", "name")],
        "cephfs" or "cinder" or "flexVolume" or "rbd" or "scaleIO" or "iscsi" or "storageos" => [source.Value.Text("secretRef", "name")],
        _ => [],
    };
}
