namespace Coracle.Scenarios.Tests.Running;

/// <summary>A script and what comes of it.</summary>
/// <param name="Table">The file it is in, without its ending.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Steps">A step a line; what is indented goes on with the line before.</param>
/// <param name="Outcome">As <see cref="Portrait"/> writes it.</param>
internal sealed record Scenario(string Table, string Title, string Steps, string Outcome);
