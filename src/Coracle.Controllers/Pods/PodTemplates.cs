using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Pods;

/// <summary>Pods as a template describes them.</summary>
public static class PodTemplates
{
    /// <summary>
    /// A pod of a template, managed by an owner, to be named by the server after it: "owner-x7k2p" (upstream: controller_utils.go,
    /// GetPodFromTemplate). It may be created any number of times.
    /// </summary>
    public static Pod Make(PodTemplateSpec template, IKubernetesObject owner)
    {
        var made = template.DeepCopy();
        return new()
        {
            Metadata = new()
            {
                GenerateName = NamePrefix(owner.Metadata.Name), Namespace = owner.Metadata.Namespace,
                Labels = made.Metadata.Labels, Annotations = made.Metadata.Annotations, Finalizers = made.Metadata.Finalizers,
                OwnerReferences = [Owners.ControllerReference(owner)],
            },
            Spec = made.Spec,
        };
    }

    /// <summary>What the names of an owner's pods begin with: its own name and a dash, where that makes a valid name.</summary>
    public static string NamePrefix(string owner)
    {
        const int nameLengthMax = 253;
        return owner.Length + 1 > nameLengthMax ? owner : owner + "-";
    }
}
