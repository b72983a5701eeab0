"""The local app in a browser: `charley serve`. Nothing of it leaves this machine, and nobody else is let in.

The way of one request, as a straight line:

    door.py     who asks: Host, key, cookie, origin, sizes; what every answer says in its headers
    app.py      the list of all pages and of all writes; finds the one that was asked for
    pages.py    a page is one question to the api, its answer in words and pictures, and the same answer as JSON
    forms.py    a write is a form, read within limits; uploads.py takes files to the disk as they come
    work.py     what takes long, in processes of its own, with progress and an end
    views/      one file a page, a dozen lines a question

Pages link ``static/page.css`` and the tokens and pictures of ``faces/report``; there is no style or script in them.
"""
