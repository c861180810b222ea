using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

public sealed partial class EventRules
{
    /// <summary>Nothing but what stands in a path: events of old have names of every kind.</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => NameRules.PathSegment(name);

    public override void Validate(Event obj, FieldErrors errors) =>
        new EventValidation(obj.Metadata.Namespace, obj.InvolvedObject.Namespace, obj.EventTime is not null, obj.ReportingComponent, obj.ReportingInstance, obj.Action, obj.Reason, obj.Message)
            .Validate("reportingComponent", errors);

    public override void ValidateUpdate(Event obj, Event old, string subresource, FieldErrors errors) => Validate(obj, errors);
}
