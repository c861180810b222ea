using System.Globalization;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>What events of both groups have in common; fields are named as in the core group (upstream: apis/core/validation/events.go, legacyValidateEvent).</summary>
/// <param name="Namespace">Where the event is.</param>
/// <param name="AboutNamespace">Where the object is that the event is about.</param>
/// <param name="IsNew">The event has an eventTime, and with it come stricter rules.</param>
/// <param name="Controller">Who reports.</param>
/// <param name="Instance">Which instance reports.</param>
/// <param name="Action">What was done.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">The same in words.</param>
internal sealed record EventValidation(string Namespace, string AboutNamespace, bool IsNew, string Controller, string Instance, string Action, string Reason, string Message)
{
    private const int WordMax = 128;
    private const int MessageMax = 1024;

    internal void Validate(string controllerField, FieldErrors errors)
    {
        if (!IsInPlace()) errors.Invalid(FieldPath.Of("involvedObject") / "namespace", AboutNamespace, "does not match event.namespace");
        if (IsNew)
        {
            errors.RequiredText(FieldPath.Of(controllerField), Controller);
            errors.QualifiedName(FieldPath.Of(controllerField), Controller);
            Word("reportingInstance", Instance, errors);
            Word("action", Action, errors);
            Word("reason", Reason, errors);
            Short("message", Message, MessageMax, errors);
        }
        errors.Subdomain(FieldPath.Of("namespace"), Namespace);
    }

    // Events about objects outside namespaces are in the default one; new ones may be in that of the system too.
    private bool IsInPlace()
    {
        if (AboutNamespace.Length == 0) return Namespace is "" or "default" || IsNew && Namespace == "kube-system";
        return IsNew || Namespace == AboutNamespace;
    }

    private static void Word(string field, string value, FieldErrors errors)
    {
        errors.RequiredText(FieldPath.Of(field), value);
        Short(field, value, WordMax, errors);
    }

    private static void Short(string field, string value, int max, FieldErrors errors)
    {
        if (value.Length > max) errors.Invalid(FieldPath.Of(field), "", $"can have at most {max.ToString(CultureInfo.InvariantCulture)} characters");
    }
}
