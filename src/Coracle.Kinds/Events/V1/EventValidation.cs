using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Events.V1;

/// <summary>Strict rules for events of the newer group; fields are named as in the core group, as upstream does (ValidateEventCreate, ValidateEventUpdate).</summary>
public sealed partial class EventRules
{
    private const string Unset = "needs to be unset";

    public override void Validate(Event obj, FieldErrors errors)
    {
        Common(obj, errors);
        Series(obj.Series, errors);
        if (obj.EventTime is null) errors.Required(FieldPath.Of("eventTime"));
        if (obj.Type is not ("Normal" or "Warning")) errors.Invalid(FieldPath.Of("type"), "", "has invalid value: " + obj.Type);
        if (obj.DeprecatedFirstTimestamp is not null) errors.Invalid(FieldPath.Of("firstTimestamp"), "", Unset);
        if (obj.DeprecatedLastTimestamp is not null) errors.Invalid(FieldPath.Of("lastTimestamp"), "", Unset);
        if (obj.DeprecatedCount != 0) errors.Invalid(FieldPath.Of("count"), "", Unset);
        if (!obj.DeprecatedSource.IsZero) errors.Invalid(FieldPath.Of("source"), "", Unset);
    }

    public override void ValidateUpdate(Event obj, Event old, string subresource, FieldErrors errors)
    {
        Common(obj, errors);
        if (!(obj.Series?.ContentEquals(old.Series) ?? old.Series is null)) Series(obj.Series, errors);
        Same("involvedObject", obj.Regarding.ContentEquals(old.Regarding), Checks.Shown(obj.Regarding));
        Same("reason", obj.Reason == old.Reason, obj.Reason);
        Same("message", obj.Note == old.Note, obj.Note);
        Same("source", obj.DeprecatedSource.ContentEquals(old.DeprecatedSource), Checks.Shown(obj.DeprecatedSource));
        Same("firstTimestamp", obj.DeprecatedFirstTimestamp == old.DeprecatedFirstTimestamp, Time(obj.DeprecatedFirstTimestamp));
        Same("lastTimestamp", obj.DeprecatedLastTimestamp == old.DeprecatedLastTimestamp, Time(obj.DeprecatedLastTimestamp));
        Same("count", obj.DeprecatedCount == old.DeprecatedCount, obj.DeprecatedCount);
        Same("type", obj.Type == old.Type, obj.Type);
        Same("eventTime", obj.EventTime == old.EventTime, obj.EventTime is { } time ? JsonValue.Create(GoTime.FormatMicro(time)) : null);
        Same("action", obj.Action == old.Action, obj.Action);
        Same("related", obj.Related?.ContentEquals(old.Related) ?? old.Related is null, Checks.Shown(obj.Related));
        Same("reportingController", obj.ReportingController == old.ReportingController, obj.ReportingController);
        Same("reportingInstance", obj.ReportingInstance == old.ReportingInstance, obj.ReportingInstance);

        void Same(string field, bool same, object? value)
        {
            if (!same) errors.Invalid(FieldPath.Of(field), value, Checks.Immutable);
        }
    }

    private static void Common(Event obj, FieldErrors errors) =>
        new EventValidation(obj.Metadata.Namespace, obj.Regarding.Namespace, obj.EventTime is not null, obj.ReportingController, obj.ReportingInstance, obj.Action, obj.Reason, obj.Note)
            .Validate("reportingController", errors);

    private static void Series(EventSeries? series, FieldErrors errors)
    {
        if (series is null) return;
        if (series.Count < 2) errors.Invalid(FieldPath.Of("series") / "count", "", "should be at least 2");
        if (series.LastObservedTime is null) errors.Required(FieldPath.Of("series") / "lastObservedTime");
    }

    private static JsonValue? Time(DateTimeOffset? time) => time is { } known ? JsonValue.Create(GoTime.Format(known)) : null;
}
