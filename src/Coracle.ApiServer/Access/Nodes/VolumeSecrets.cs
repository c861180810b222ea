using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>The secrets of a persistent volume that a kubelet needs to mount it: upstream's pvutil.VisitPVSecretNames, those visible to kubelets.</summary>
internal static class VolumeSecrets
{
    public static IEnumerable<(string Namespace, string Name)> Of(JsonElement volume, string claimNamespace)
    {
        foreach (var source in volume.Fields("spec"))
        {
            IEnumerable<(string Namespace, string Name)> found = source.Name switch
            {
                "azureFile" => [(source.Value.Text("secretNamespace"), source.Value.Text("secretName"))],
                "csi" => [Reference(source.Value, "nodePublishSecretRef"), Reference(source.Value, "nodeStageSecretRef"), Reference(source.Value, "nodeExpandSecretRef")],
                "cephfs" or "cinder" or "flexVolume" or "rbd" or "scaleIO" or "iscsi" or "storageos" => [Reference(source.Value, "secretRef")],
                _ => [],
            };
            foreach (var (ns, name) in found)
                if (name.Length > 0)
                    yield return (ns.Length > 0 ? ns : claimNamespace, name);
        }
    }

    private static (string, string) Reference(JsonElement source, string field) => (source.Text(field, "namespace"), source.Text(field, "name"));
}
