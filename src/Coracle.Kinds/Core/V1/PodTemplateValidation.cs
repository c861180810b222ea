using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

public sealed partial class PodTemplateRules
{
    public override void Validate(PodTemplate obj, FieldErrors errors) => PodSpecValidation.Template(obj.Template, FieldPath.Of("template"), errors);

    public override void ValidateUpdate(PodTemplate obj, PodTemplate old, string subresource, FieldErrors errors) => Validate(obj, errors);

    public override void Warn(PodTemplate obj, PodTemplate? old, List<string> warnings)
    {
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) PodWarnings.Template(obj.Template, FieldPath.Of("template"), warnings);
    }
}
